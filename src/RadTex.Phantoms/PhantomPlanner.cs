namespace RadTex.Phantoms;

/// <summary>Plans patients: body, diseases and their course, exposures. A patient follows from the seed and its index alone.</summary>
internal sealed class PhantomPlanner(PhantomOptions options)
{
    // A domain a stream, so that drawing one thing more never shifts another.
    private const ulong AnatomyStream = 1, CourseStream = 2, ExposureStream = 3, SplitStream = 4, IdentityStream = 5, ViewStream = 6;

    private static readonly string[] Reasons =
    [
        "dyspnea", "cough and fever", "chest pain", "shortness of breath", "hypoxia", "altered mental status", "fever", "leukocytosis",
        "weakness", "status post fall", "preoperative evaluation", "line placement", "respiratory failure", "tachycardia", "hemoptysis",
        "syncope", "productive cough", "lower extremity swelling", "abdominal pain", "follow-up of known disease",
    ];

    /// <summary>The patient's number of radiographs without planning the rest: where a count ends is found cheaply.</summary>
    internal int CountRadiographs(int patient)
    {
        int count = 0;
        for (int study = 0; study < CountStudies(patient); study++) count += CountExposures(patient, study);
        return count;
    }

    private int CountStudies(int patient)
    {
        float u = new CounterRandom(options.Seed, IdentityStream, (ulong)patient).Uniform();
        return u < 0.45f ? 1 : u < 0.72f ? 2 : u < 0.89f ? 3 : 4;
    }

    // About one study in seventeen was repeated, in another position.
    private int CountExposures(int patient, int study) =>
        new CounterRandom(options.Seed, IdentityStream, (ulong)patient, (ulong)study + 1).Chance(0.06f) ? 2 : 1;

    /// <param name="patient">Index of the patient, from 0.</param>
    /// <param name="radiographLimit">Radiographs to keep: the last patient of a set may be cut short, later studies change no earlier one.</param>
    internal PhantomPatient Plan(int patient, int radiographLimit = int.MaxValue)
    {
        var random = new CounterRandom(options.Seed, AnatomyStream, (ulong)patient);
        bool isFemale = random.Chance(0.48f);
        int age = (int)Math.Clamp(62 + 16 * random.Normal(), 19, 96);
        float habitus = random.Normal(); // slender to stout
        var anatomy = new Anatomy(
            ThoraxWidth: Math.Clamp(1 + 0.05f * habitus + 0.045f * random.Normal() - (isFemale ? 0.03f : 0), 0.83f, 1.18f),
            ThoraxHeight: Math.Clamp(1 - 0.03f * habitus + 0.04f * random.Normal() - (isFemale ? 0.02f : 0), 0.86f, 1.12f),
            BodyThicknessCm: Math.Clamp(22 + 2.4f * habitus + 1.2f * random.Normal(), 17, 30),
            BodyWidth: Math.Clamp(1.33f + 0.09f * habitus + 0.05f * random.Normal(), 1.16f, 1.62f),
            HeartRatio: Math.Clamp(0.435f + 0.0006f * (age - 60) + 0.012f * habitus + 0.025f * random.Normal(), 0.36f, 0.49f),
            AorticKnob: Math.Clamp(0.10f + 0.0006f * (age - 60) + 0.014f * random.Normal(), 0.07f, 0.15f),
            RibWidth: random.Range(0.032f, 0.043f),
            RibDensity: random.Range(0.17f, 0.32f) * (age > 75 ? 0.8f : 1),
            RibSlope: random.Range(-0.06f, 0.08f),
            Scoliosis: 0.025f * random.Normal(),
            BreastSize: isFemale ? random.Range(0.1f, 0.75f) : random.Chance(0.15f) ? random.Range(0.05f, 0.25f) : 0,
            LungDensity: random.Range(0.18f, 0.3f),
            VesselScale: random.Range(0.8f, 1.2f),
            Seed: random.Next());
        var studies = PlanStudies(patient, anatomy, radiographLimit);
        return new PhantomPatient(patient, SubjectId(patient), isFemale, age, SplitOf(patient), anatomy, studies);
    }

    private List<PhantomStudy> PlanStudies(int patient, Anatomy anatomy, int radiographLimit)
    {
        var course = new DiseaseCourse(new CounterRandom(options.Seed, CourseStream, (ulong)patient), (float)options.Difficulty);
        var studies = new List<PhantomStudy>();
        int left = radiographLimit, count = CountStudies(patient);
        var time = course.FirstVisit();
        for (int i = 0; i < count && left > 0; i++)
        {
            // The course is drawn in order, so a study depends on the ones before it only.
            var random = new CounterRandom(options.Seed, ExposureStream, (ulong)patient, (ulong)i);
            bool? view = options.BalancedByView ? new CounterRandom(options.Seed, ViewStream, (ulong)patient, (ulong)i).Chance(0.5f) : null;
            var state = course.Visit(anatomy, view);
            var exposures = new List<Exposure>();
            int exposureCount = Math.Min(left, CountExposures(patient, i));
            for (int e = 0; e < exposureCount; e++) exposures.Add(PlanExposure(random, state.IsAnteroposterior, state.DiaphragmRise));
            left -= exposureCount;
            studies.Add(new PhantomStudy(
                i, StudyId(patient, i), time, state.IsAnteroposterior, random.Pick<string>(Reasons), state.Lesions, state.EdemaSeverity,
                state.EdemaTrend, state.EdemaContrast, state.HeartRatio, state.Resolved, studies.LastOrDefault(), exposures));
            time = course.NextVisit(time);
        }
        return studies;
    }

    private Exposure PlanExposure(CounterRandom random, bool isAnteroposterior, float diseaseRise)
    {
        float aspect = random.Chance(0.25f) ? 1 : random.Range(1, 1.21f);
        int longSide = (int)MathF.Round(options.ShortSidePixels * aspect);
        bool isPortrait = random.Chance(0.5f);
        float sloppiness = isAnteroposterior ? 1.5f : 1; // a portable film of an ill patient is placed less well
        return new Exposure(
            DicomId: string.Join('-', Enumerable.Range(0, 5).Select(_ => $"{(uint)random.Next():x8}")),
            Width: isPortrait ? options.ShortSidePixels : longSide,
            Height: isPortrait ? longSide : options.ShortSidePixels,
            Zoom: Math.Clamp(1 + 0.075f * random.Normal(), 0.82f, 1.2f),
            ShiftX: 0.09f * sloppiness * random.Normal(),
            ShiftY: 0.075f * sloppiness * random.Normal(),
            TiltRadians: 0.045f * sloppiness * random.Normal(),
            Turn: 0.5f * sloppiness * random.Normal(),
            DiaphragmRise: diseaseRise + (isAnteroposterior ? random.Range(0.02f, 0.26f) : random.Range(-0.07f, 0.1f)),
            Dose: random.Range(0.5f, 2),
            BlurPixels: random.Range(0.3f, isAnteroposterior ? 1f : 0.75f),
            ScatterShare: random.Range(0.03f, isAnteroposterior ? 0.2f : 0.1f),
            WindowCentre: 0.2f * random.Normal() - 0.05f,
            WindowWidth: random.Range(0.85f, 1.4f),
            Gamma: random.Range(0.7f, 1.25f),
            GradientX: 0.16f * sloppiness * random.Normal(),
            GradientY: 0.16f * sloppiness * random.Normal(),
            HasMonitorWires: random.Chance(isAnteroposterior ? 0.45f : 0.04f),
            HasMarker: random.Chance(0.6f),
            CollimatedEdge: random.Chance(0.12f) ? random.Integer(1, 5) : 0,
            Seed: random.Next());
    }

    // In every ten patients in a row one is for validation and one for the test, so that every set of ten or more has all three.
    private string SplitOf(int patient)
    {
        var random = new CounterRandom(options.Seed, SplitStream, (ulong)(patient / 10));
        int validation = random.Integer(0, 10), test = (validation + random.Integer(1, 10)) % 10;
        return patient % 10 == validation ? "validate" : patient % 10 == test ? "test" : "train";
    }

    // Numbers in MIMIC's ranges, spread by a multiplication that is one-to-one modulo ten million: no two are ever equal.
    private int SubjectId(int patient) => 10_000_000 + Spread((ulong)patient, 1);

    private int StudyId(int patient, int study) => 50_000_000 + Spread((ulong)patient * 4 + (ulong)study, 2);

    private int Spread(ulong index, ulong key) =>
        (int)((index * 6_180_339 + CounterRandom.Hash(options.Seed, IdentityStream, key) % 10_000_000) % 10_000_000);
}
