//! Compares categories and tags with the model.

use serde_json::json;

use super::{compare::agree, desk::Desk, operations::Naming, tree::Fate};

impl Desk {
    pub(super) fn compare_taxonomy(&mut self) {
        self.compare_merges();
        self.compare_tree();
        for nth in 0..self.world.tree.0.len() {
            self.compare_category(Naming::Id(nth));
            self.compare_category(Naming::SlugOf(nth));
        }
        self.compare_tags();
    }

    /// The existing categories, ordered by path.
    fn compare_tree(&self) {
        let tree = &self.world.tree;
        let mut nths: Vec<_> = (0..tree.0.len()).collect();
        nths.retain(|nth| tree.0[*nth].fate == Fate::Here);
        nths.sort_by_key(|nth| tree.path(*nth));
        let id = |nth: usize| &self.names.categories[nth];
        let expected = nths.iter().map(|nth| {
            let category = &tree.0[*nth];
            json!({
                "id": id(*nth),
                "slug": category.slug,
                "parent_id": category.parent.map(id),
                "path": tree.path(*nth).join("/"),
                "version": category.version,
            })
        });
        let seen = self.get("/v1/categories", false).rows();
        agree("categories", &seen, &expected.collect::<Vec<_>>());
        for (nth, seen) in nths.into_iter().zip(seen) {
            self.compare_count(nth, seen["post_count"].as_u64());
        }
    }

    /// Checks a count: exact unless posts are moving.
    fn compare_count(&self, nth: usize, seen: Option<u64>) {
        let count = self.world.count(nth);
        let fits = count.fits(seen, self.is_settled(nth));
        assert!(fits, "category {nth} has {count:?} posts, not {seen:?}");
    }

    /// Checks a category: it exists, redirects to its target, or was deleted.
    fn compare_category(&self, named: Naming) {
        let tree = &self.world.tree;
        let Some(name) = self.names.category(&self.world, named) else {
            return;
        };
        let path = format!("/v1/categories/{name}");
        let answer = self.get(&path, false);
        let Some(meant) = tree.meant(named) else {
            // The slug of a deleted category is released; its id is not.
            let refused = [404, 410].contains(&answer.status);
            assert!(refused, "{path}: {}", answer.text);
            return;
        };
        let id = &self.names.categories[meant];
        if answer.status == 200 {
            assert_eq!(answer.body["id"], **id, "{path}");
            self.compare_count(meant, answer.body["post_count"].as_u64());
        } else {
            let location = format!("/v1/categories/{id}");
            assert_eq!(
                (answer.status, answer.header("location")),
                (308, &*location)
            );
        }
        let own = tree.0[meant].slug == name || **id == name;
        assert_eq!(answer.status == 200, own, "{path}: {}", answer.text);
    }

    fn compare_tags(&self) {
        let counts = self.world.tag_counts();
        let seen = self.get("/v1/tags", false).rows();
        let tags = seen.iter().map(|row| &row["tag"]);
        assert_eq!(
            json!(tags.collect::<Vec<_>>()),
            json!(counts.keys().collect::<Vec<_>>())
        );
        for (row, (tag, count)) in seen.iter().zip(counts) {
            let settled = self.tags_are_settled();
            let seen = row["post_count"].as_u64();
            assert!(
                count.fits(seen, settled),
                "{tag} has {count:?} posts, not {seen:?}"
            );
        }
    }
}
