//! The operations of DynamoDB that stores use.

use std::{error::Error, fmt, sync::LazyLock};

use aws_runtime::retries::classifiers::AwsErrorCodeClassifier;
use aws_sdk_dynamodb::{
    Client,
    config::http::HttpResponse,
    error::{BuildError, ProvideErrorMetadata, SdkError},
    operation,
};
use aws_smithy_runtime::client::retries::classifiers::{
    HttpStatusCodeClassifier, ModeledAsRetryableClassifier, TransientErrorClassifier,
};
use aws_smithy_runtime_api::client::{
    interceptors::context::Input,
    runtime_components::RuntimeComponentsBuilder,
    runtime_plugin::{RuntimePlugin, SharedRuntimePlugin, StaticRuntimePlugin},
};
use aws_smithy_types::retry::ProvideErrorKind;

/// A request to DynamoDB.
pub(crate) trait DynamoRequest: Sized {
    type Output: fmt::Debug + Send + Sync + 'static;
    type Error: Error + fmt::Debug + Send + Sync + 'static;
    const NAME: &'static str;

    /// Sends the request by the client of the SDK.
    fn send_with(
        self,
        client: &Client,
    ) -> impl Future<Output = Result<Self::Output, SdkError<Self::Error, HttpResponse>>> + Send;

    fn into_input(self) -> Result<Input, BuildError>;

    /// The serializers of the operation, and the errors after which it is sent again.
    fn plugin() -> SharedRuntimePlugin;
}

macro_rules! requests {
    ($($operation:ident: $module:ident, $builder:ident, $output:ident, $error:ident;)*) => {$(
        impl DynamoRequest for operation::$module::builders::$builder {
            type Output = operation::$module::$output;
            type Error = operation::$module::$error;
            const NAME: &'static str = stringify!($operation);

            async fn send_with(
                self,
                client: &Client,
            ) -> Result<Self::Output, SdkError<Self::Error, HttpResponse>> {
                self.send_with(client).await
            }

            fn into_input(self) -> Result<Input, BuildError> {
                self.build().map(Input::erase)
            }

            fn plugin() -> SharedRuntimePlugin {
                static PLUGIN: LazyLock<SharedRuntimePlugin> = LazyLock::new(|| {
                    plugin::<operation::$module::$error>(&operation::$module::$operation::new())
                });
                PLUGIN.clone()
            }
        }
    )*};
}

requests! {
    GetItem: get_item, GetItemInputBuilder, GetItemOutput, GetItemError;
    Query: query, QueryInputBuilder, QueryOutput, QueryError;
    Scan: scan, ScanInputBuilder, ScanOutput, ScanError;
    PutItem: put_item, PutItemInputBuilder, PutItemOutput, PutItemError;
    UpdateItem: update_item, UpdateItemInputBuilder, UpdateItemOutput, UpdateItemError;
    DeleteItem: delete_item, DeleteItemInputBuilder, DeleteItemOutput, DeleteItemError;
    BatchGetItem: batch_get_item, BatchGetItemInputBuilder, BatchGetItemOutput, BatchGetItemError;
    BatchWriteItem: batch_write_item, BatchWriteItemInputBuilder, BatchWriteItemOutput, BatchWriteItemError;
    TransactWriteItems: transact_write_items, TransactWriteItemsInputBuilder, TransactWriteItemsOutput,
        TransactWriteItemsError;
}

fn plugin<E>(operation: &impl RuntimePlugin) -> SharedRuntimePlugin
where
    E: Error + ProvideErrorKind + ProvideErrorMetadata + Send + Sync + 'static,
{
    let components = RuntimeComponentsBuilder::new("operation")
        .with_retry_classifier(HttpStatusCodeClassifier::default())
        .with_retry_classifier(TransientErrorClassifier::<E>::new())
        .with_retry_classifier(ModeledAsRetryableClassifier::<E>::new())
        .with_retry_classifier(AwsErrorCodeClassifier::<E>::new());
    let plugin = StaticRuntimePlugin::new().with_runtime_components(components);
    SharedRuntimePlugin::new(match operation.config() {
        Some(config) => plugin.with_config(config),
        None => plugin,
    })
}
