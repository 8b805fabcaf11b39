//! A key of the shell that answers, and each way in which it may not.

use tempfile::TempDir;

use super::*;
use crate::{Incident, KeyCost, ListQuery, Occurred};

const PASSPHRASE: &[u8] = "қара мысық терезеде ұйықтайды".as_bytes();

/// What a test wants the other side to do.
struct Key<F>(F);

impl<F> DeviceKey for Key<F>
where
    F: Fn(&[u8], &DeviceAnswer) -> Result<(), DiaryError> + Send + Sync,
{
    fn mac(&self, message: Vec<u8>, answer: Arc<DeviceAnswer>) -> Result<(), DiaryError> {
        (self.0)(&message, &answer)
    }
}

fn key<F>(act: F) -> Arc<dyn DeviceKey>
where
    F: Fn(&[u8], &DeviceAnswer) -> Result<(), DiaryError> + Send + Sync + 'static,
{
    Arc::new(Key(act))
}

/// A key in software: any function of the message that it alone computes.
fn software(secret: u8) -> Arc<dyn DeviceKey> {
    key(move |message, answer| {
        let mac: Vec<u8> = message.iter().map(|byte| byte ^ secret).collect();
        answer.give(&mac)
    })
}

fn problem(error: DiaryError) -> DeviceKeyProblem {
    match error {
        DiaryError::DeviceKey { problem } => problem,
        other => panic!("{other:?}"),
    }
}

struct Case {
    _folder: TempDir,
    vault: String,
    code: String,
    diary: Diary,
}

impl Case {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vault = folder.path().join("vault").to_str().unwrap().to_owned();
        let diary = Diary::create(vault.clone(), PASSPHRASE, KeyCost::Floor, false).unwrap();
        let code = diary.take_recovery_code().unwrap().unwrap();
        Self {
            _folder: folder,
            vault,
            code,
            diary,
        }
    }

    fn bound(device: &Arc<dyn DeviceKey>) -> Self {
        let case = Self::new();
        case.bind(device).unwrap();
        case
    }

    fn bind(&self, device: &Arc<dyn DeviceKey>) -> Result<(), DiaryError> {
        self.diary
            .bind(PASSPHRASE, self.code.as_bytes(), device.clone())
    }

    fn open(&self, device: Option<Arc<dyn DeviceKey>>) -> Result<Diary, DiaryError> {
        Diary::open(self.vault.clone(), PASSPHRASE, device)
    }
}

#[test]
fn a_bound_passphrase_opens_and_is_asked_for_again_with_the_device_only() {
    let device = software(1);
    let case = Case::bound(&device);
    assert_eq!(case.diary.is_bound(), Ok(true));
    // The key it was bound to is known from then on.
    assert_eq!(case.diary.confirm(PASSPHRASE), Ok(()));
    case.diary.lock().unwrap();
    for wrong in [None, Some(software(2))] {
        assert_eq!(case.open(wrong).err(), Some(DiaryError::WrongPassphrase));
    }
    let diary = case.open(Some(device.clone())).unwrap();
    assert_eq!(diary.confirm(PASSPHRASE), Ok(()));
    diary.unbind(PASSPHRASE, device).unwrap();
    assert_eq!(diary.is_bound(), Ok(false));
    diary.lock().unwrap();
    case.open(None).unwrap();
}

#[test]
fn each_way_of_not_answering_is_an_error_of_its_own_and_the_code_opens_all_the_same() {
    let case = Case::bound(&software(1));
    case.diary.lock().unwrap();
    let opened = |device| problem(case.open(Some(device)).err().unwrap());
    let forgot = key(|_, _| Err(DeviceKeyProblem::Missing.into()));
    assert_eq!(opened(forgot), DeviceKeyProblem::Missing);
    let undeclared = key(|_, _| Err(DiaryError::Callback));
    assert_eq!(opened(undeclared), DeviceKeyProblem::Failed);
    let silent = key(|_, _| Ok(()));
    assert_eq!(opened(silent), DeviceKeyProblem::Failed);
    for length in [0, 31, 33] {
        let wrong = key(move |_, answer| answer.give(&vec![1; length]));
        assert_eq!(opened(wrong), DeviceKeyProblem::WrongLength);
    }
    let other = key(|_, _| Err(DiaryError::Cancelled));
    assert_eq!(case.open(Some(other)).err(), Some(DiaryError::Cancelled));
    let code = case.code.as_bytes();
    Diary::recover(
        case.vault.clone(),
        code,
        b"four new words for it",
        false,
        false,
    )
    .unwrap();
}

#[test]
fn what_is_not_bound_opens_whatever_the_device_says() {
    let case = Case::new();
    assert_eq!(case.diary.is_bound(), Ok(false));
    case.diary.lock().unwrap();
    case.open(Some(key(|_, _| Err(DiaryError::Callback))))
        .unwrap();
}

#[test]
fn binding_needs_this_diary_s_code() {
    let case = Case::new();
    let other = Case::new();
    let device = software(1);
    let refused = case
        .diary
        .bind(PASSPHRASE, other.code.as_bytes(), device.clone());
    assert_eq!(refused, Err(DiaryError::WrongRecoveryCode));
    let refused = case.diary.unbind(PASSPHRASE, device);
    assert_eq!(refused, Err(DiaryError::WrongPassphrase));
    assert_eq!(case.diary.is_bound(), Ok(false));
}

#[test]
fn the_device_cannot_call_the_diary_that_asks_it() {
    let case = Arc::new(Case::new());
    let inner = case.clone();
    let calls_back = key(move |_, _| inner.diary.list(ListQuery::default()).map(drop));
    assert_eq!(case.bind(&calls_back), Err(DiaryError::CalledFromCallback));
    // Nor open it once more while it is being opened; the vault is in use.
    let vault = case.vault.clone();
    let opens =
        move |_: &[u8], _: &DeviceAnswer| Diary::open(vault.clone(), PASSPHRASE, None).map(drop);
    case.bind(&software(1)).unwrap();
    case.diary.lock().unwrap();
    assert_eq!(case.open(Some(key(opens))).err(), Some(DiaryError::InUse));
}

#[test]
fn a_lock_from_the_device_takes_effect_when_the_call_ends() {
    let case = Arc::new(Case::new());
    let inner = case.clone();
    let locks = key(move |_, answer| {
        inner.diary.lock()?;
        answer.give(&[1; 32])
    });
    assert_eq!(case.bind(&locks), Ok(()));
    let incident = Incident {
        occurred: Occurred::default(),
        ..Incident::default()
    };
    assert_eq!(case.diary.add(incident).err(), Some(DiaryError::Locked));
    case.open(Some(key(|_, answer| answer.give(&[1; 32]))))
        .unwrap();
}
