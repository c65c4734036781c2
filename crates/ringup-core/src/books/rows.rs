use std::collections::BTreeMap;

/// Rows of one kind: as they were loaded, as they are now, and how to undo the command under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Rows<K, V> {
    loaded: BTreeMap<K, V>,
    changed: BTreeMap<K, V>,
    undo: Vec<(K, Option<V>)>,
}

/// A row that changed: what it was, to guard the write, and what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Update<V> {
    /// As it was loaded: the write must find this version.
    pub was: V,
    /// As it is to be.
    pub now: V,
}

impl<K, V> Default for Rows<K, V> {
    fn default() -> Self {
        Self { loaded: BTreeMap::new(), changed: BTreeMap::new(), undo: Vec::new() }
    }
}

impl<K: Ord + Clone, V: Clone + PartialEq> Rows<K, V> {
    pub(super) fn load(&mut self, key: K, row: V) {
        self.loaded.insert(key, row);
    }

    pub(super) fn get(&self, key: &K) -> Option<&V> {
        self.changed.get(key).or_else(|| self.loaded.get(key))
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = K> {
        let added = self.changed.keys().filter(|key| !self.loaded.contains_key(key));
        self.loaded.keys().chain(added).cloned()
    }

    pub(super) fn put(&mut self, key: K, row: V) {
        let before = self.changed.insert(key.clone(), row);
        self.undo.push((key, before));
    }

    pub(super) fn keep(&mut self) {
        self.undo.clear();
    }

    pub(super) fn undo(&mut self) {
        while let Some((key, before)) = self.undo.pop() {
            match before {
                Some(row) => self.changed.insert(key, row),
                None => self.changed.remove(&key),
            };
        }
    }

    pub(super) fn inserted(&self) -> impl Iterator<Item = &V> {
        self.inserted_with_keys().map(|(_, row)| row)
    }

    pub(super) fn inserted_with_keys(&self) -> impl Iterator<Item = (&K, &V)> {
        self.changed.iter().filter(|(key, _)| !self.loaded.contains_key(key))
    }

    pub(super) fn updated(&self) -> impl Iterator<Item = Update<V>> {
        self.changed.iter().filter_map(|(key, now)| {
            let was = self.loaded.get(key)?;
            (was != now).then(|| Update { was: was.clone(), now: now.clone() })
        })
    }
}
