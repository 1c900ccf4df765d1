//! A real nginx in front of a server.

use std::{
    fs,
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
};

use tempfile::TempDir;

/// An nginx that serves `http://127.0.0.1:<port>/cms/` from a server, with compression. Ended on drop.
pub(crate) struct Nginx {
    process: Child,
    port: u16,
    _folder: TempDir,
}

/// Returns a port that is free at the moment.
pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

impl Nginx {
    /// Starts nginx on `port` in front of the server at `address`. Returns the reason if there is none.
    pub(crate) fn start(port: u16, address: &str) -> Result<Self, String> {
        let folder = tempfile::tempdir().unwrap();
        let home = folder.path().display();
        let configuration = folder.path().join("nginx.conf");
        let text = format!(
            "daemon off; master_process off; pid {home}/pid; error_log stderr;
            events {{}}
            http {{
                access_log off;
                client_body_temp_path {home}/body; proxy_temp_path {home}/proxy;
                fastcgi_temp_path {home}/fastcgi; uwsgi_temp_path {home}/uwsgi; scgi_temp_path {home}/scgi;
                gzip on; gzip_proxied any; gzip_min_length 1;
                gzip_types application/json application/problem+json;
                server {{
                    listen 127.0.0.1:{port};
                    client_max_body_size 20m;
                    location /cms/ {{
                        proxy_pass http://{address}/;
                        proxy_http_version 1.1;
                        proxy_set_header Host $http_host;
                    }}
                }}
            }}"
        );
        fs::write(&configuration, text).unwrap();
        let process = Command::new("nginx")
            .arg("-p")
            .arg(folder.path())
            .arg("-c")
            .arg(&configuration)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| format!("there is no nginx: {error}"))?;
        let mut nginx = Self {
            process,
            port,
            _folder: folder,
        };
        nginx.wait();
        Ok(nginx)
    }

    /// URL without the path of the server.
    pub(crate) fn root(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn wait(&mut self) {
        while TcpStream::connect(("127.0.0.1", self.port)).is_err() {
            let ended = self.process.try_wait().unwrap();
            assert!(ended.is_none(), "nginx ended: {ended:?}");
            std::thread::yield_now();
        }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
