mod migrations;
mod posts;
mod site;
