//! Builds the crate again when the files of the dashboard change.

fn main() {
    println!("cargo::rerun-if-changed=../../admin/dist");
}
