use super::Table;

/// Whether a write of the item never changes an answer to an anonymous caller.
///
/// The public reads posts in claims and public rows. A transaction that only changes the working copy
/// of a post, its revisions, autosaves and texts is therefore private.
#[must_use]
pub fn is_private(table: Table, pk: &str, sk: &str) -> bool {
    match table {
        Table::Audit | Table::Idempotency | Table::Tokens | Table::Operations => true,
        Table::Identity => ["USER", "EMAIL", "FOUNDER"].contains(&sk) || sk.starts_with("IDENTITY"),
        Table::Posts => {
            if pk.starts_with("B#") {
                return true;
            }
            let of_post = super::owning_post(pk).is_some();
            let private = ["META", "REV#", "AUTO#", "BODY#"];
            of_post && private.iter().any(|start| sk.starts_with(start))
        }
        Table::Taxonomy | Table::Images | Table::Site => false,
    }
}

#[cfg(test)]
mod tests {
    use tintero_domain::values::{
        Address, BylineId, ImageId, PostId, RedirectId, Revision, UserId,
    };
    use uuid::Uuid;

    use super::*;
    use crate::keys::{self, ItemKey};

    fn is_private(table: Table, key: &ItemKey) -> bool {
        super::is_private(table, &key.pk, &key.sk)
    }

    #[test]
    fn only_items_that_the_public_never_reads_are_private() {
        let (id, user) = (Uuid::from_u128(7), UserId::new(Uuid::from_u128(8)));
        let post = PostId::new(id);
        let address = Address {
            locale: "es".parse().unwrap(),
            slug: "hola".parse().unwrap(),
        };
        for (table, key) in [
            (Table::Posts, keys::post(post)),
            (Table::Posts, keys::revision(post, Revision::FIRST)),
            (Table::Posts, keys::autosave(post, user)),
            (Table::Identity, keys::user(user)),
            (Table::Identity, keys::founder()),
            (
                Table::Identity,
                keys::identity("https://id.example.org", "a"),
            ),
            (
                Table::Identity,
                keys::identity_row(user, "https://id.example.org"),
            ),
            (Table::Tokens, keys::session(id)),
        ] {
            assert!(is_private(table, &key), "{key:?}");
        }
        for (table, key) in [
            (Table::Posts, keys::claim(&address)),
            (Table::Posts, keys::redirect(RedirectId::new(id))),
            (
                Table::Posts,
                keys::translation(post, &"en".parse().unwrap()),
            ),
            (Table::Taxonomy, keys::tree_version()),
            (Table::Taxonomy, keys::tag_count("rust")),
            (Table::Identity, keys::byline(BylineId::new(id))),
            (Table::Images, keys::image(ImageId::new(id))),
        ] {
            assert!(!is_private(table, &key), "{key:?}");
        }
    }
}
