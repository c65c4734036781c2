//! Where the measured databases lie: worlds that are built once and kept, and copies of them that are measured and removed.

mod cluster;

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use ringup_db::migrate::{self, SchemaState};
use ringup_db::seam::Database;
use ringup_db::url::DatabaseUrl;
use ringup_engine::keys::Keys;

use self::cluster::STAGE_PREFIX;
pub use self::cluster::{Cluster, SETTINGS as POSTGRES_SETTINGS, output_of};
use super::BenchError;
use super::stopwatch::Stopwatch;
use super::world::{self, CARDS_CAME_AT, Placed, WorldSpec};
use crate::rig::failure::Failure;

/// Which of the two databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A file of our own.
    Sqlite,
    /// A server.
    Postgres,
}

impl Kind {
    /// Its name, in figures.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        }
    }
}

/// One kind of database, and the folder that everything about it lies in.
pub struct Store {
    kind: Kind,
    folder: PathBuf,
    cluster: Option<Cluster>,
}

/// A world that stands ready to be copied.
pub struct World {
    name: String,
    /// What it was made of.
    pub spec: WorldSpec,
    /// Its top-ups, in the order in which they were placed.
    pub placed: Vec<Placed>,
}

/// A copy of a world, to be measured. It is removed with this.
pub struct Stage<'a> {
    store: &'a Store,
    url: DatabaseUrl,
    name: String,
}

/// What a card takes at most, with its entry, on either database.
const BYTES_PER_CARD: u64 = 900;

const PLACED_FILE: &str = "placed";
const SQLITE_FILE: &str = "ringup.db";

impl Store {
    /// Opens the store; starts PostgreSQL when it is that.
    pub fn open(kind: Kind, folder: &Path) -> Result<Self, BenchError> {
        let stages = folder.join("stages");
        fs::create_dir_all(&stages).map_err(Failure::doing(folder.display()))?;
        let cluster = match kind {
            Kind::Sqlite => None,
            Kind::Postgres => Some(Cluster::start(&folder.join("postgres"))?),
        };
        Ok(Self { kind, folder: folder.to_path_buf(), cluster })
    }

    /// Which database it is.
    pub const fn kind(&self) -> Kind {
        self.kind
    }

    /// The secrets of every world in it.
    pub fn keys(&self) -> Result<Keys, BenchError> {
        Ok(Keys::read_or_make(&self.keys_folder())?)
    }

    /// Where those lie.
    pub fn keys_folder(&self) -> PathBuf {
        self.folder.join("keys")
    }

    /// The world of this description: the one that is kept, if it is of today's schema, or a new one.
    pub fn world(&self, spec: WorldSpec) -> Result<World, BenchError> {
        let name = spec.name();
        let list = self.folder.join(format!("{}-{name}.{PLACED_FILE}", self.kind.name()));
        // The list is written last: without it, the world is not whole.
        if list.exists() && self.is_current(&self.url_of_world(&name)?) {
            return Ok(World { name, spec, placed: world::read_placed(&list)? });
        }
        let watch = Stopwatch::start();
        let _ = fs::remove_file(&list);
        self.make_empty(&name)?;
        let database = Database::open(self.url_of_world(&name)?)?;
        migrate::migrate(&database, CARDS_CAME_AT).map_err(Failure::doing("making the tables"))?;
        let placed = world::build(&database, &spec, self.keys()?.pins())?;
        if let Some(cluster) = &self.cluster {
            cluster.tidy_up(&name)?;
        }
        world::write_placed(&list, &placed)?;
        let seconds = watch.elapsed().as_secs();
        println!(
            "  built {} world {name} in {seconds} s; it is kept below {}",
            self.kind.name(),
            self.folder.display()
        );
        Ok(World { name, spec, placed })
    }

    /// A fresh copy of a world, on the disk before this returns.
    pub fn stage(&self, world: &World) -> Result<Stage<'_>, BenchError> {
        let name = format!("{STAGE_PREFIX}{}", world.name);
        match &self.cluster {
            Some(cluster) => cluster.copy_database(&world.name, &name)?,
            None => {
                let folder = self.stage_folder(&name);
                let _ = fs::remove_dir_all(&folder);
                fs::create_dir_all(&folder).map_err(Failure::doing(folder.display()))?;
                let (from, to) = (self.world_folder(&world.name).join(SQLITE_FILE), folder.join(SQLITE_FILE));
                fs::copy(&from, &to).map_err(Failure::doing(from.display()))?;
                File::open(&to)?.sync_all()?;
            }
        }
        let url = match &self.cluster {
            Some(cluster) => cluster.url(&name).parse()?,
            None => DatabaseUrl::Sqlite(self.stage_folder(&name).join(SQLITE_FILE)),
        };
        Ok(Stage { store: self, url, name })
    }

    /// Whether a world of so many cards and a copy of it fit on the disk, with some air left.
    pub fn has_room_for(&self, cards: u32) -> Result<bool, BenchError> {
        let mut df = std::process::Command::new("df");
        let listed = output_of(df.args(["--output=avail", "--block-size=1"]).arg(&self.folder))?;
        let free: u64 = listed.lines().nth(1).unwrap_or_default().trim().parse().map_err(Failure::doing("df"))?;
        Ok(free > BYTES_PER_CARD.saturating_mul(cards.into()).saturating_mul(3))
    }

    /// A file that may be overwritten at any time.
    pub fn scratch(&self, name: &str) -> PathBuf {
        self.folder.join("stages").join(name)
    }

    /// A file that is kept for the next run.
    pub fn kept(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The PostgreSQL of this store, when it is one.
    pub const fn cluster(&self) -> Option<&Cluster> {
        self.cluster.as_ref()
    }

    fn is_current(&self, url: &DatabaseUrl) -> bool {
        if url.sqlite_path().is_some_and(|path| !path.exists()) {
            return false;
        }
        Database::open(url.clone())
            .and_then(|database| migrate::check(&database))
            .is_ok_and(|state| state == SchemaState::Current)
    }

    fn make_empty(&self, name: &str) -> Result<(), BenchError> {
        if let Some(cluster) = &self.cluster {
            return cluster.make_database(name);
        }
        let folder = self.world_folder(name);
        let _ = fs::remove_dir_all(&folder);
        Ok(fs::create_dir_all(&folder).map_err(Failure::doing(folder.display()))?)
    }

    fn url_of_world(&self, name: &str) -> Result<DatabaseUrl, BenchError> {
        match &self.cluster {
            Some(cluster) => Ok(cluster.url(name).parse()?),
            None => Ok(DatabaseUrl::Sqlite(self.world_folder(name).join(SQLITE_FILE))),
        }
    }

    fn world_folder(&self, name: &str) -> PathBuf {
        self.folder.join("worlds").join(name)
    }

    fn stage_folder(&self, name: &str) -> PathBuf {
        self.folder.join("stages").join(name)
    }
}

impl Stage<'_> {
    /// The copy.
    pub fn database(&self) -> Result<Database, BenchError> {
        Ok(Database::open(self.url.clone())?)
    }

    /// Its file, when it is one.
    pub fn file(&self) -> Option<&Path> {
        self.url.sqlite_path()
    }

    /// Its address, as `ringup` takes it.
    pub fn address(&self) -> String {
        match &self.store.cluster {
            Some(cluster) => cluster.url(&self.name),
            None => self.url.to_string(),
        }
    }
}

impl Drop for Stage<'_> {
    fn drop(&mut self) {
        // What stays behind is removed before the next copy of the same world.
        match &self.store.cluster {
            Some(cluster) => drop(cluster.drop_database(&self.name)),
            None => drop(fs::remove_dir_all(self.store.stage_folder(&self.name))),
        }
    }
}
