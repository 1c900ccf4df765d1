use aws_config::SdkConfig;
use aws_types::service_config::ServiceConfigKey;

/// The place of the objects of a site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3Location {
    /// Name of the bucket.
    pub bucket: String,
    /// Prefix of all keys without slashes at its ends; empty for none.
    pub prefix: String,
    /// URL of a store other than AWS without a trailing slash, such as `http://127.0.0.1:9000`. By default
    /// that of the AWS configuration, such as `AWS_ENDPOINT_URL_S3`.
    pub endpoint: Option<String>,
    /// The region. By default that of the AWS configuration.
    pub region: Option<String>,
    /// Whether the bucket is in the path of URLs instead of their host. By default true for other stores.
    pub path_style: Option<bool>,
}

/// A location whose defaults are resolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ResolvedLocation {
    pub(super) bucket: String,
    /// Prefix of all keys: empty, or with a slash at its end.
    pub(super) prefix: String,
    pub(super) region: String,
    /// URL of the bucket without a trailing slash.
    pub(super) url: String,
}

impl S3Location {
    /// Completes the location with the AWS configuration.
    ///
    /// # Errors
    /// A sentence that names the missing setting.
    pub(super) fn resolve(self, config: &SdkConfig) -> Result<ResolvedLocation, String> {
        let Self {
            bucket,
            prefix,
            endpoint,
            region,
            path_style,
        } = self;
        let endpoint = endpoint.or_else(|| configured_endpoint(config));
        let region = region.or_else(|| config.region().map(ToString::to_string));
        let region = match (region, &endpoint) {
            (Some(region), _) => region,
            // Most other stores accept only this one.
            (None, Some(_)) => "us-east-1".to_owned(),
            (None, None) => return Err("no region is configured; set AWS_REGION".to_owned()),
        };
        let path_style = path_style.unwrap_or(endpoint.is_some());
        let endpoint = endpoint.unwrap_or_else(|| format!("https://s3.{region}.amazonaws.com"));
        let endpoint = endpoint.trim_end_matches('/');
        let url = match (path_style, endpoint.split_once("://")) {
            (false, Some((scheme, host))) => format!("{scheme}://{bucket}.{host}"),
            (true, _) | (false, None) => format!("{endpoint}/{bucket}"),
        };
        let prefix = match prefix.as_str() {
            "" => prefix,
            _ => format!("{prefix}/"),
        };
        Ok(ResolvedLocation {
            bucket,
            prefix,
            region,
            url,
        })
    }
}

/// The endpoint of S3 in the environment or in a profile.
fn configured_endpoint(config: &SdkConfig) -> Option<String> {
    let key = ServiceConfigKey::builder()
        .service_id("S3")
        .env("AWS_ENDPOINT_URL")
        .profile("endpoint_url")
        .build()
        .ok()?;
    let own = config.service_config()?.load_config(key);
    own.or_else(|| config.endpoint_url().map(ToOwned::to_owned))
}

#[cfg(test)]
mod tests {
    use aws_config::{BehaviorVersion, Region};

    use super::*;

    fn location(endpoint: Option<&str>, path_style: Option<bool>) -> S3Location {
        S3Location {
            bucket: "blog".to_owned(),
            prefix: "site/a".to_owned(),
            endpoint: endpoint.map(ToOwned::to_owned),
            region: None,
            path_style,
        }
    }

    fn config(region: Option<&'static str>) -> SdkConfig {
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .region(region.map(Region::from_static))
            .build()
    }

    #[test]
    fn the_bucket_is_in_the_host_on_aws_and_in_the_path_elsewhere() {
        let other = Some("http://127.0.0.1:9000/");
        for (endpoint, path_style, url) in [
            (None, None, "https://blog.s3.eu-central-1.amazonaws.com"),
            (
                None,
                Some(true),
                "https://s3.eu-central-1.amazonaws.com/blog",
            ),
            (other, None, "http://127.0.0.1:9000/blog"),
            (other, Some(false), "http://blog.127.0.0.1:9000"),
        ] {
            let resolved = location(endpoint, path_style).resolve(&config(Some("eu-central-1")));
            let resolved = resolved.unwrap();
            assert_eq!(
                (resolved.url.as_str(), resolved.prefix.as_str()),
                (url, "site/a/")
            );
        }
    }

    #[test]
    fn aws_needs_a_region_and_other_stores_have_a_default() {
        let resolve = |endpoint| location(endpoint, None).resolve(&config(None));
        assert!(resolve(None).unwrap_err().contains("AWS_REGION"));
        assert_eq!(resolve(Some("http://store")).unwrap().region, "us-east-1");
    }
}
