use serde_json::json;

use super::desk::Desk;
use crate::harness::Answer;

impl Desk<'_> {
    pub(super) async fn batch(&mut self) -> Answer {
        let (draft, new) = (self.draft().await, self.next());
        let operations = json!([
            { "op": "create", "value": new },
            { "op": "publish", "id": draft.id, "if_match": draft.etag },
        ]);
        let call = self.author.post("/v1/posts:batch");
        let answer = call.json(&json!({ "operations": operations })).send().await;
        let answer = answer.is(200);
        assert_eq!(answer.json()["succeeded"], 2);
        answer
    }
}
