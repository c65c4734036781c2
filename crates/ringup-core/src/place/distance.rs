use super::Position;

/// A position as a vector from the Earth's centre: what distances are compared by, with integers alone.
///
/// The Earth is taken for a sphere of its mean radius (6,371,008.8 m), which is wrong by 0.56 % at most. On that sphere a
/// distance in metres is right to the nearest metre, or the one beside it, up to some hundred kilometres; near the other end
/// of the world, where a chord hardly grows with its arc, within 500 m.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Point {
    x: i64,
    y: i64,
    z: i64,
}

/// How far two points are from each other, straight through the Earth, squared: grows with the distance along the sphere, so
/// it is enough to know which of two places is nearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Chord(u64);

/// Coordinates are counted in 2^-30 of the radius: 6 mm.
const POINT_BITS: u32 = 30;
/// Sines are counted in 2^-40.
const SINE_BITS: u32 = 40;

const QUARTER: i64 = 90_000_000;
const HALF: i64 = 180_000_000;
const TURN: i64 = 360_000_000;

/// A millionth of a degree as an angle, in 2^-60.
const RADIANS_PER_STEP: i128 = 20_122_276_272;

/// How long a millionth of a degree is on the sphere, twice, in nanometres: what a step of half the arc adds.
const NANOMETRES_PER_TWO_STEPS: u64 = 222_390_160;

/// The sine of each whole degree, in 2^-40.
const SINES: [i64; 91] = [
    0,
    19_189_123_810,
    38_372_402_428,
    57_543_992_440,
    76_698_053_994,
    95_828_752_579,
    114_930_260_796,
    133_996_760_143,
    153_022_442_779,
    172_001_513_297,
    190_928_190_487,
    209_796_709_101,
    228_601_321_605,
    247_336_299_932,
    265_995_937_225,
    284_574_549_580,
    303_066_477_770,
    321_466_088_975,
    339_767_778_496,
    357_965_971_459,
    376_055_124_520,
    394_029_727_547,
    411_884_305_302,
    429_613_419_108,
    447_211_668_504,
    464_673_692_894,
    481_994_173_176,
    499_167_833_363,
    516_189_442_193,
    533_053_814_719,
    549_755_813_888,
    566_290_352_111,
    582_652_392_807,
    598_836_951_940,
    614_839_099_536,
    630_653_961_186,
    646_276_719_531,
    661_702_615_726,
    676_926_950_894,
    691_945_087_556,
    706_752_451_041,
    721_344_530_882,
    735_716_882_192,
    749_865_127_013,
    763_784_955_652,
    777_472_127_994,
    790_922_474_794,
    804_131_898_947,
    817_096_376_734,
    829_811_959_049,
    842_274_772_603,
    854_481_021_101,
    866_426_986_403,
    878_109_029_652,
    889_523_592_384,
    900_667_197_612,
    911_536_450_887,
    922_128_041_329,
    932_438_742_637,
    942_465_414_071,
    952_205_001_410,
    961_654_537_882,
    970_811_145_065,
    979_672_033_769,
    988_234_504_882,
    996_495_950_191,
    1_004_453_853_180,
    1_012_105_789_795,
    1_019_449_429_182,
    1_026_482_534_398,
    1_033_202_963_089,
    1_039_608_668_150,
    1_045_697_698_339,
    1_051_468_198_879,
    1_056_918_412_020,
    1_062_046_677_574,
    1_066_851_433_422,
    1_071_331_215_988,
    1_075_484_660_688,
    1_079_310_502_342,
    1_082_807_575_561,
    1_085_974_815_103,
    1_088_811_256_197,
    1_091_316_034_834,
    1_093_488_388_035,
    1_095_327_654_081,
    1_096_833_272_712,
    1_098_004_785_303,
    1_098_841_835_000,
    1_099_344_166_829,
    1_099_511_627_776,
];

impl Point {
    pub(super) fn of(position: Position) -> Self {
        let (latitude, longitude) = (i64::from(position.latitude_e6()), i64::from(position.longitude_e6()));
        let around = i128::from(cosine(latitude));
        let flat = |part: i64| rounded(around.saturating_mul(part.into()), 2 * SINE_BITS - POINT_BITS);
        Self {
            x: flat(cosine(longitude)),
            y: flat(sine(longitude)),
            z: rounded(sine(latitude).into(), SINE_BITS - POINT_BITS),
        }
    }

    /// Its three coordinates, from -2^30 to 2^30.
    #[must_use]
    pub const fn coordinates(self) -> [i64; 3] {
        [self.x, self.y, self.z]
    }

    /// How far it is from another, straight through the Earth.
    #[must_use]
    pub const fn chord_to(self, other: Self) -> Chord {
        // Each difference is 2^31 at most, so the sum of the squares is less than 2^64.
        let [x, y, z] = [self.x.abs_diff(other.x), self.y.abs_diff(other.y), self.z.abs_diff(other.z)];
        Chord(x.saturating_mul(x).saturating_add(y.saturating_mul(y)).saturating_add(z.saturating_mul(z)))
    }
}

impl Chord {
    /// Nothing: a point from itself.
    pub const ZERO: Self = Self(0);

    /// The chord that is so many coordinate steps (2^-30 of the radius) long.
    #[must_use]
    pub const fn of_steps(steps: u64) -> Self {
        Self(steps.saturating_mul(steps))
    }

    /// Its square, for cursors.
    #[must_use]
    pub const fn squared(self) -> u64 {
        self.0
    }

    /// Reads [`Self::squared`] back.
    #[must_use]
    pub const fn from_squared(squared: u64) -> Self {
        Self(squared)
    }

    /// The way along the sphere, in metres.
    ///
    /// A chord is twice the sine of half its arc, so half the arc is looked for, by halving, among the millionths of a degree.
    #[must_use]
    pub fn metres(self) -> u64 {
        let chord = i64::try_from(self.0.isqrt()).unwrap_or(i64::MAX);
        let wanted = chord.saturating_mul(1 << (SINE_BITS - POINT_BITS - 1));
        let (mut low, mut high) = (0, QUARTER);
        while low < high {
            let middle = low.midpoint(high);
            if sine(middle) < wanted {
                low = middle.saturating_add(1);
            } else {
                high = middle;
            }
        }
        let steps = u64::try_from(low).unwrap_or(0);
        steps.saturating_mul(NANOMETRES_PER_TWO_STEPS).saturating_add(500_000_000).div_euclid(1_000_000_000)
    }
}

impl Position {
    /// How many millimetres a millionth of a degree of longitude is here, and a millionth of a degree of latitude anywhere:
    /// enough to draw what lies within some kilometres.
    #[must_use]
    pub fn millimetres_per_step(self) -> (i64, i64) {
        const LATITUDE: i64 = 111;
        let shrunk = i128::from(cosine(self.latitude_e6().into())).saturating_mul(111_195);
        (rounded(shrunk, SINE_BITS).div_euclid(1_000), LATITUDE)
    }
}

/// The sine of so many millionths of a degree, in 2^-40.
fn sine(angle: i64) -> i64 {
    let turned = angle.rem_euclid(TURN);
    let in_half = turned.rem_euclid(HALF);
    let in_quarter = in_half.min(HALF.saturating_sub(in_half));
    let value = sine_of_a_quarter(in_quarter);
    if turned < HALF { value } else { value.saturating_neg() }
}

fn cosine(angle: i64) -> i64 {
    sine(angle.saturating_add(QUARTER))
}

/// From 0 to 90 degrees: the sine of the nearest whole degree, turned on by the rest of half a degree at most, whose own sine
/// and cosine are the first terms of their series (the first term left out is below 2^-40).
fn sine_of_a_quarter(angle: i64) -> i64 {
    let degree = angle.saturating_add(500_000).div_euclid(1_000_000);
    let rest = angle.saturating_sub(degree.saturating_mul(1_000_000));
    let whole = usize::try_from(degree).unwrap_or(0);
    let sine = SINES.get(whole).copied().unwrap_or(0);
    let cosine = SINES.get(90_usize.saturating_sub(whole)).copied().unwrap_or(0);
    let rest = rounded(i128::from(rest).saturating_mul(RADIANS_PER_STEP), 60 - SINE_BITS);
    let square = product(rest, rest);
    let rest_sine = rest.saturating_sub(product(rest, square).div_euclid(6));
    let rest_cosine = (1_i64 << SINE_BITS)
        .saturating_sub(square.div_euclid(2))
        .saturating_add(product(square, square).div_euclid(24));
    product(sine, rest_cosine).saturating_add(product(cosine, rest_sine))
}

fn product(a: i64, b: i64) -> i64 {
    rounded(i128::from(a).saturating_mul(b.into()), SINE_BITS)
}

/// Without its last bits, rounded to the nearest.
fn rounded(value: i128, bits: u32) -> i64 {
    let half = 1_i128 << bits.saturating_sub(1);
    i64::try_from(value.saturating_add(half) >> bits).unwrap_or(0)
}
