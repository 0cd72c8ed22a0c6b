namespace RadTex.Phantoms;

/// <summary>
/// A patient's illness through the studies. A profile makes findings go together as they do on a ward (a failing heart with edema and
/// effusions, a pneumothorax with a chest tube); each lesion then persists, grows, shrinks or resolves.
/// </summary>
internal sealed class DiseaseCourse(CounterRandom random, float difficulty)
{
    internal sealed record State(
        bool IsAnteroposterior, IReadOnlyList<Lesion> Lesions, int EdemaSeverity, Trend EdemaTrend, float EdemaContrast, float HeartRatio,
        float DiaphragmRise, IReadOnlyList<Lesion> Resolved);

    /// <summary>
    /// Chance of each finding at a first visit, in the order of <see cref="PhantomFinding"/>; the last is that of a bedside (AP) film.
    /// </summary>
    private static readonly float[][] Profiles =
    [
        [0.06f, 0.06f, 0.02f, 0.00f, 0.05f, 0.03f, 0.02f, 0.01f, 0.08f, 0.25f], // sent to rule something out
        [0.25f, 0.72f, 0.06f, 0.75f, 0.08f, 0.50f, 0.08f, 0.02f, 0.38f, 0.55f], // heart failure
        [0.22f, 0.15f, 0.45f, 0.06f, 0.14f, 0.26f, 0.70f, 0.02f, 0.20f, 0.40f], // infection
        [0.50f, 0.25f, 0.20f, 0.25f, 0.14f, 0.38f, 0.18f, 0.10f, 0.90f, 0.90f], // intensive care
        [0.28f, 0.08f, 0.08f, 0.03f, 0.08f, 0.33f, 0.05f, 0.70f, 0.40f, 0.60f], // pleural disease, trauma
    ];

    private static readonly float[] ProfileShares = [0.26f, 0.23f, 0.19f, 0.17f, 0.15f];

    private readonly float contrastFactor = MathF.Pow(difficulty, -0.7f), sizeFactor = MathF.Pow(difficulty, -0.35f);
    private float[]? profile;
    private List<Lesion> lesions = [];
    private int edema = -1;
    private float edemaContrast;
    private bool isAnteroposterior;

    internal DateTime FirstVisit() =>
        new DateTime(2110, 1, 1, 0, 0, 0, DateTimeKind.Unspecified).AddDays(random.Integer(0, 36_000)).AddSeconds(random.Integer(0, 86_400));

    internal DateTime NextVisit(DateTime last) =>
        last.AddDays(isAnteroposterior ? random.Integer(1, 6) : random.Integer(3, 420)).AddSeconds(random.Integer(-20_000, 20_000));

    /// <param name="anatomy">The patient's body.</param>
    /// <param name="isDrawnAnteroposterior">The view it is drawn in; null: that of how ill the patient is.</param>
    internal State Visit(Anatomy anatomy, bool? isDrawnAnteroposterior = null)
    {
        bool isFirst = profile is null;
        profile ??= Profiles[Weighted(ProfileShares)];
        if (isFirst || random.Chance(0.3f)) isAnteroposterior = random.Chance(profile[^1]);
        var before = lesions;
        var resolved = new List<Lesion>();
        lesions = [];
        foreach (var lesion in before)
        {
            if (Evolve(lesion) is { } later) lesions.Add(later);
            else resolved.Add(lesion);
        }
        foreach (var finding in Enum.GetValues<PhantomFinding>())
        {
            bool isThere = lesions.Exists(l => l.Finding == finding), wasThere = before.Exists(l => l.Finding == finding);
            if (finding == PhantomFinding.Edema || isThere || (finding == PhantomFinding.Cardiomegaly && !isFirst)) continue;
            float chance = profile[(int)finding] * (isFirst ? 1 : wasThere ? 0 : 0.4f);
            if (random.Chance(chance))
                lesions.AddRange(LesionMaker.Begin(random, finding, isFirst, sizeFactor, contrastFactor, isAnteroposterior, lesions));
        }
        var trend = VisitEdema(isFirst);
        bool isEnlarged = lesions.Exists(l => l.Finding == PhantomFinding.Cardiomegaly);
        // Portable films magnify the heart; enlargement begins where the larger of the normal ones end.
        float ratio = isEnlarged ? lesions.First(l => l.Finding == PhantomFinding.Cardiomegaly).Size : anatomy.HeartRatio;
        // Illness goes on as it would (lines come and go at the bedside), whatever the view it is drawn in.
        bool isDrawn = isDrawnAnteroposterior ?? isAnteroposterior;
        ratio += (isDrawn ? 0.03f : 0) + 0.008f * random.Normal();
        float rise = lesions.Where(l => l.Finding == PhantomFinding.Atelectasis).Select(l => 0.08f * l.Magnitude).DefaultIfEmpty(0).Max();
        return new State(isDrawn, lesions, edema, trend, edemaContrast, ratio, rise, resolved);
    }

    private Trend VisitEdema(bool isFirst)
    {
        int before = edema;
        if (isFirst) edema = random.Chance(profile![(int)PhantomFinding.Edema]) ? 1 + Weighted([0.36f, 0.38f, 0.26f]) : 0;
        else if (edema > 0) edema = Math.Clamp(edema + Weighted([0.33f, 0.42f, 0.25f]) - 1, 0, 3);
        else edema = random.Chance(0.4f * profile![(int)PhantomFinding.Edema]) ? 1 + Weighted([0.5f, 0.35f, 0.15f]) : 0;
        edemaContrast = edema == 0 ? 0 : Math.Clamp(random.Range(0.35f, 0.75f) * contrastFactor, 0, 1);
        return isFirst ? Trend.NoPrior : before == 0 ? Trend.New : edema > before ? Trend.Larger : edema < before ? Trend.Smaller : Trend.Unchanged;
    }

    private Lesion? Evolve(Lesion lesion)
    {
        if (lesion.Finding == PhantomFinding.Cardiomegaly) return lesion with { Trend = Trend.Unchanged };
        if (lesion.Finding == PhantomFinding.SupportDevices)
        {
            bool isRemoved = !LesionMaker.IsImplanted(lesion.Site)
                && (random.Chance(0.35f) || (LesionMaker.IsBedsideOnly(lesion.Site) && !isAnteroposterior));
            return isRemoved ? null : lesion with { Trend = Trend.Unchanged };
        }
        if (random.Chance(0.22f)) return null;
        float step = random.Chance(0.4f) ? 0.03f * random.Normal() : 0.25f * random.Normal();
        float magnitude = Math.Clamp(lesion.Magnitude + step, 0.12f, 1);
        float change = magnitude - lesion.Magnitude;
        if (MathF.Abs(change) < 0.1f) return lesion with { Trend = Trend.Unchanged }; // what is called unchanged is drawn unchanged
        float growth = LesionMaker.Growth(magnitude) / LesionMaker.Growth(lesion.Magnitude);
        return lesion with
        {
            Magnitude = magnitude,
            Size = lesion.Size * growth,
            Contrast = Math.Clamp(lesion.Contrast * growth, 0, 1),
            Trend = change > 0 ? Trend.Larger : Trend.Smaller,
        };
    }

    private int Weighted(ReadOnlySpan<float> shares)
    {
        float u = random.Uniform();
        for (int i = 0; i < shares.Length - 1; i++)
        {
            if (u < shares[i]) return i;
            u -= shares[i];
        }
        return shares.Length - 1;
    }
}
