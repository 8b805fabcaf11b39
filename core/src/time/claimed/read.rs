//! The letters of a claimed time.

use chrono::{FixedOffset, NaiveDate, NaiveTime, TimeDelta};

use super::{TimeError, YEARS};

/// What a text says, before an offset is looked up.
pub(super) struct Parts {
    pub(super) date: NaiveDate,
    pub(super) time: Option<Time>,
}

/// A time of day.
pub(super) struct Time {
    pub(super) clock: NaiveTime,
    /// Of the unit that it was written in: a minute, a second or the last digit of a fraction.
    pub(super) length: TimeDelta,
    pub(super) offset: Option<FixedOffset>,
}

impl Parts {
    pub(super) fn read(text: &str) -> Result<Self, TimeError> {
        let mut rest = Scanner(text.as_bytes());
        let year = rest.number(4)?;
        rest.expect(b'-')?;
        let month = rest.number(2)?;
        rest.expect(b'-')?;
        let day = rest.number(2)?;
        let time = if rest.take(b'T') {
            Some(Time::read(&mut rest)?)
        } else {
            None
        };
        if !rest.0.is_empty() {
            return Err(TimeError::Form);
        }
        let year = i32::try_from(year).map_err(|_| TimeError::Year)?;
        if !YEARS.contains(&year) {
            return Err(TimeError::Year);
        }
        let date = NaiveDate::from_ymd_opt(year, month, day).ok_or(TimeError::Date)?;
        Ok(Self { date, time })
    }
}

impl Time {
    /// `HH:MM`, then perhaps `:SS`, a fraction of at most nine digits, and an offset.
    fn read(rest: &mut Scanner<'_>) -> Result<Self, TimeError> {
        let hour = rest.number(2)?;
        rest.expect(b':')?;
        let minute = rest.number(2)?;
        let (mut second, mut nanos, mut length) = (0, 0, TimeDelta::minutes(1));
        if rest.take(b':') {
            second = rest.number(2)?;
            length = TimeDelta::seconds(1);
            if rest.take(b'.') {
                (nanos, length) = rest.fraction()?;
            }
        }
        let offset = rest.offset()?;
        let clock = NaiveTime::from_hms_nano_opt(hour, minute, second, nanos);
        Ok(Self {
            clock: clock.ok_or(TimeError::Clock)?,
            length,
            offset,
        })
    }
}

/// Takes ASCII from the front of a text.
struct Scanner<'t>(&'t [u8]);

impl Scanner<'_> {
    fn take(&mut self, byte: u8) -> bool {
        let rest = self.0.strip_prefix(&[byte]);
        self.0 = rest.unwrap_or(self.0);
        rest.is_some()
    }

    fn expect(&mut self, byte: u8) -> Result<(), TimeError> {
        self.take(byte).then_some(()).ok_or(TimeError::Form)
    }

    fn number(&mut self, digits: usize) -> Result<u32, TimeError> {
        let (number, rest) = self.0.split_at_checked(digits).ok_or(TimeError::Form)?;
        self.0 = rest;
        number.iter().try_fold(0, |sum, byte| match byte {
            b'0'..=b'9' => Ok(sum * 10 + u32::from(byte - b'0')),
            _ => Err(TimeError::Form),
        })
    }

    /// Nanoseconds, and the length of the last digit.
    fn fraction(&mut self) -> Result<(u32, TimeDelta), TimeError> {
        let (mut nanos, mut unit) = (0, 1_000_000_000);
        while let Some((digit @ b'0'..=b'9', rest)) = self.0.split_first() {
            unit /= 10;
            if unit == 0 {
                return Err(TimeError::Form);
            }
            nanos += u32::from(digit - b'0') * unit;
            self.0 = rest;
        }
        if unit == 1_000_000_000 {
            return Err(TimeError::Form);
        }
        Ok((nanos, TimeDelta::nanoseconds(unit.into())))
    }

    fn offset(&mut self) -> Result<Option<FixedOffset>, TimeError> {
        let sign = match self.0.first() {
            Some(b'Z') => {
                self.take(b'Z');
                return Ok(FixedOffset::east_opt(0));
            }
            Some(b'+') => 1,
            Some(b'-') => -1,
            _ => return Ok(None),
        };
        self.0 = self.0.get(1..).unwrap_or_default();
        let hours = self.number(2)?;
        self.expect(b':')?;
        let minutes = self.number(2)?;
        if hours > 23 || minutes > 59 {
            return Err(TimeError::Offset);
        }
        let seconds = i32::try_from((hours * 60 + minutes) * 60).map_err(|_| TimeError::Offset)?;
        Ok(FixedOffset::east_opt(sign * seconds))
    }
}
