//! The instances of one project, in the order of their records.

use std::collections::{BTreeMap, HashMap};

use anyhow::Context;

use super::account::Project;
use super::instance::Instance;
use super::synthetic;

/// The record id of a project's first instance; later ones count up from it.
const FIRST_RECORD: u64 = 0x63d4_c5f0_0000_0001;

#[derive(Debug)]
pub(crate) struct Fleet {
    pub(crate) account_id: String,
    pub(crate) project_id: String,
    pub(crate) project_name: String,
    pub(crate) region: String,
    records: BTreeMap<u64, Instance>,
    record_of: HashMap<String, u64>,
    next_record: u64,
}

impl Fleet {
    pub(crate) fn new(account_id: &str, project: &Project) -> anyhow::Result<Self> {
        let mut fleet = Self {
            account_id: account_id.to_owned(),
            project_id: project.id.clone(),
            project_name: project.name.clone(),
            region: project.region().to_owned(),
            records: BTreeMap::new(),
            record_of: HashMap::new(),
            next_record: FIRST_RECORD,
        };
        for (index, detail) in project.instances.iter().enumerate() {
            fleet.put(Instance::new(detail.get()).with_context(|| format!("instances[{index}]"))?);
        }
        for number in 0..project.synthetic {
            fleet.put(Instance::new(&synthetic::instance(project, number).to_string())?);
        }
        for (id, tasks) in &project.tasks {
            let instance = fleet.get_mut(id).with_context(|| format!("tasks.{id}: no such instance"))?;
            instance.tasks.clone_from(tasks);
        }
        for (id, steps) in &project.status_scripts {
            let instance =
                fleet.get_mut(id).with_context(|| format!("status_scripts.{id}: no such instance"))?;
            instance.script = steps.clone().into();
        }
        Ok(fleet)
    }

    /// Adds an instance, or replaces the one that has its id.
    pub(crate) fn put(&mut self, instance: Instance) {
        let record = *self.record_of.entry(instance.id.clone()).or_insert(self.next_record);
        self.next_record = self.next_record.max(record + 1);
        self.records.insert(record, instance);
    }

    pub(crate) fn remove(&mut self, id: &str) -> bool {
        self.record_of.remove(id).and_then(|record| self.records.remove(&record)).is_some()
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Instance> {
        self.records.get_mut(self.record_of.get(id)?)
    }

    /// Returns the instances, newest first.
    pub(crate) fn newest_first(&self) -> impl Iterator<Item = (u64, &Instance)> {
        self.records.iter().rev().map(|(&record, instance)| (record, instance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cloud::estate::account::StatusStep;

    #[test]
    fn a_replaced_instance_keeps_its_place() {
        let mut fleet = Fleet::new("acc", &Project::new("p", "cn-north-4").synthetic(3)).unwrap();
        let order = |fleet: &Fleet| fleet.newest_first().map(|(_, it)| it.id.clone()).collect::<Vec<_>>();
        let before = order(&fleet);
        fleet.put(Instance::new(&format!(r#"{{"instance_id":"{}"}}"#, before[1])).unwrap());
        assert_eq!(order(&fleet), before);
        assert!(fleet.remove(&before[1]) && !fleet.remove(&before[1]));
        assert_eq!(order(&fleet), [before[0].clone(), before[2].clone()]);
    }

    #[test]
    fn tasks_and_scripts_of_no_instance_are_errors_that_name_it() {
        let mut project = Project::new("p", "cn-north-4");
        project.status_scripts.insert("gone".into(), vec![StatusStep::new("ACTIVE", 1)]);
        assert_eq!(
            Fleet::new("a", &project).unwrap_err().to_string(),
            "status_scripts.gone: no such instance"
        );
    }
}
