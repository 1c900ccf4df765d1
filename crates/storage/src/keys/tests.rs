use proptest::prelude::*;

use tintero_domain::{
    posts::ManuscriptRef,
    values::{Address, BylineId, CategoryId, PostId, Revision, SourcePath, Tag, Timestamp, UserId},
};
use uuid::Uuid;

use super::*;

fn post_id(n: u128) -> PostId {
    PostId::new(Uuid::from_u128(n))
}

fn text(revision: u64, write: u128) -> ManuscriptRef {
    ManuscriptRef {
        revision: Revision(revision),
        write: Uuid::from_u128(write),
        chunks: 1,
    }
}

/// One key for every prefix in the partition of a post.
fn kinds(id: PostId) -> [ItemKey; 5] {
    [
        post(id),
        revision(id, Revision(9_999_999_999)),
        autosave(id, UserId::new(Uuid::max())),
        chunk(
            ChunkKind::Manuscript,
            id,
            &text(9_999_999_999, u128::MAX),
            9999,
        ),
        chunk(ChunkKind::LiveCopy, id, &text(0, 0), 0),
    ]
}

#[test]
fn only_chunks_sort_between_text_and_post() {
    let id = post_id(1);
    let (pk, [from, to]) = text_and_post(id);
    for key in kinds(id) {
        assert_eq!(key.pk, pk);
        let between = from <= key.sk && key.sk < to;
        assert_eq!(between, key.sk.starts_with("BODY#"), "{key:?}");
    }
}

#[test]
fn kinds_of_items_have_different_partitions() {
    let tag: Tag = "P#0".parse().unwrap();
    let partitions = [
        PublicPartition::Latest.pk(),
        PublicPartition::tag(&tag).pk(),
        PublicPartition::Category(CategoryId::new(Uuid::nil())).pk(),
        PublicPartition::Byline(BylineId::new(Uuid::nil())).pk(),
        PublicPartition::Locale("es".parse().unwrap()).pk(),
        post(post_id(0)).pk,
        claim(&Address {
            locale: "es".parse().unwrap(),
            slug: "hola".parse().unwrap(),
        })
        .pk,
        old_path(&"/hola".parse().unwrap()).pk,
        redirects(),
        source("", "/hola").pk,
    ];
    let distinct: std::collections::BTreeSet<_> = partitions.iter().collect();
    assert_eq!(distinct.len(), partitions.len());
}

proptest! {
    #[test]
    fn moments_sort_by_time_and_identify_a_post(
        (a, b) in (0_i64..4_102_444_800_000, 0_i64..4_102_444_800_000),
        (x, y) in (any::<u128>(), any::<u128>()),
    ) {
        let (at, bt) = (Timestamp::from_millis(a), Timestamp::from_millis(b));
        let (p, q) = (moment(at, post_id(x)), moment(bt, post_id(y)));
        if a != b {
            prop_assert_eq!(a.cmp(&b), p.cmp(&q));
        }
        prop_assert_eq!(p == q, (a, x) == (b, y));
        prop_assert_eq!(parse_moment(&p), Some((at, post_id(x))));
        prop_assert_eq!(p < after_moment(bt), a <= b);
        prop_assert!(p < end_of_list());
    }

    #[test]
    fn chunks_sort_by_revision_then_write_then_number(
        a in (0_u64..9_999_999_999, any::<u128>(), 0_u16..9999),
        b in (0_u64..9_999_999_999, any::<u128>(), 0_u16..9999),
    ) {
        let key = |(revision, write, number)| chunk(ChunkKind::Manuscript, post_id(1), &text(revision, write), number).sk;
        prop_assert_eq!(a.cmp(&b), key(a).cmp(&key(b)));
    }

    #[test]
    fn owner_and_status_partition_can_be_parsed(owner in any::<u128>(), partition in any::<prop::sample::Index>()) {
        let partitions: Vec<_> = StatusPartition::all().collect();
        let (owner, partition) = (UserId::new(Uuid::from_u128(owner)), *partition.get(&partitions));
        prop_assert_eq!(parse_owner_state(&owner_state(owner, partition)), Some((owner, partition)));
    }

    #[test]
    fn cleanups_sort_by_time_after_the_counters_and_can_be_parsed(
        (a, b) in (0_i64..4_102_444_800_000, 0_i64..4_102_444_800_000),
        id in any::<u128>(), mark in proptest::option::of(any::<u128>()),
    ) {
        let (at, now) = (Timestamp::from_millis(a), Timestamp::from_millis(b));
        let mark = mark.map(Uuid::from_u128);
        let key = cleanup(at, post_id(id), mark);
        prop_assert_eq!(parse_cleanup(&key.sk), Some((at, post_id(id), mark)));
        let within = |(pk, [first, last]): (String, [String; 2])| pk == key.pk && first <= key.sk && key.sk <= last;
        prop_assert_eq!(within(due_cleanups(now)), a <= b);
        prop_assert_eq!(within(planned_cleanups(now)), a > b);
        prop_assert_eq!(within(category_counts(now)), a <= b);
        let counter = category_count(CategoryId::new(Uuid::from_u128(id)));
        let (_, [first, last]) = category_counts(now);
        prop_assert!(first <= counter.sk && counter.sk <= last);
    }

    #[test]
    fn revisions_sort_by_number(a in 0_u64..9_999_999_999, b in 0_u64..9_999_999_999) {
        let key = |n| revision(post_id(1), Revision(n)).sk;
        prop_assert_eq!(a.cmp(&b), key(a).cmp(&key(b)));
    }

    #[test]
    fn a_range_of_revisions_ends_with_its_last(n in 1_u64..9_999_999_999, last in 1_u64..9_999_999_999) {
        let id = post_id(1);
        let (pk, [from, to]) = revisions_up_to(id, Revision(last));
        let holds = |key: &ItemKey| key.pk == pk && from <= key.sk && key.sk <= to;
        prop_assert_eq!(holds(&revision(id, Revision(n))), n <= last);
        for key in kinds(id).iter().filter(|key| !key.sk.starts_with("REV#")) {
            prop_assert!(!holds(key), "{:?}", key);
        }
    }

    #[test]
    fn different_sources_have_different_keys(a in "\\PC{0,8}", b in "\\PC{0,8}", c in "\\PC{0,8}", d in "\\PC{0,8}") {
        prop_assert_eq!(source(&a, &b) == source(&c, &d), (a, b) == (c, d));
    }

    #[test]
    fn image_paths_that_differ_in_letter_case_share_a_folded_key(a in "[abAB/]{1,4}", b in "[abAB/]{1,4}") {
        if let (Ok(a), Ok(b)) = (a.parse::<SourcePath>(), b.parse::<SourcePath>()) {
            prop_assert_eq!(image_path(&a) == image_path(&b), a == b);
            prop_assert_eq!(folded_image_path(&a) == folded_image_path(&b), a.folded() == b.folded());
            prop_assert_ne!(image_path(&a), folded_image_path(&b));
        }
    }

    #[test]
    fn different_addresses_have_different_keys(a in "[a-z0-9]{1,6}(-[a-z0-9]{1,3})?", b in "[a-z0-9]{1,6}(-[a-z0-9]{1,3})?", l in "(es|en|es-MX)", m in "(es|en|es-MX)") {
        let address = |locale: &str, slug: &str| Address { locale: locale.parse().unwrap(), slug: slug.parse().unwrap() };
        prop_assert_eq!(claim(&address(&l, &a)) == claim(&address(&m, &b)), (l, a) == (m, b));
    }

    #[test]
    fn different_idempotency_keys_have_different_keys(a in "[!-~]{1,40}", b in "[!-~]{1,40}", u in any::<u128>(), v in any::<u128>()) {
        let key = |user, text: &str| idempotency(UserId::new(Uuid::from_u128(user)), text);
        prop_assert_eq!(key(u, &a) == key(v, &b), (u, a) == (v, b));
    }
}
