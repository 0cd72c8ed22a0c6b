namespace RadTex.Phantoms;

/// <summary>Begins lesions: form, site, size and contrast of each finding before it evolves.</summary>
internal static class LesionMaker
{
    internal const string EndotrachealTube = "endotracheal tube", EntericTube = "enteric tube", JugularLine = "internal jugular line",
        SubclavianLine = "subclavian line", PiccLine = "PICC", Pacemaker = "pacemaker", ChestTube = "chest tube", SternalWires = "sternal wires";

    /// <summary>What stays in the body from study to study.</summary>
    internal static bool IsImplanted(string device) => device is Pacemaker or SternalWires;

    /// <summary>Who bears one of these lies in bed.</summary>
    internal static bool IsBedsideOnly(string device) => device is EndotrachealTube or EntericTube;

    /// <summary>How size and contrast follow severity.</summary>
    internal static float Growth(float magnitude) => 0.55f + 0.6f * magnitude;

    internal static IEnumerable<Lesion> Begin(
        CounterRandom random, PhantomFinding finding, bool isFirst, float sizeFactor, float contrastFactor, bool isBedside, List<Lesion> present)
    {
        var trend = isFirst ? Trend.NoPrior : Trend.New;
        int side = random.Chance(0.5f) ? -1 : 1;
        float magnitude = Math.Clamp(random.Range(0.15f, 1), 0.12f, 1);
        float growth = Growth(magnitude);
        Lesion Make(int where, string site, int variant, float size, float contrast, float x = 0, float y = 0) =>
            new(finding, where, site, variant, magnitude, size * growth * sizeFactor, Math.Clamp(contrast * growth * contrastFactor, 0, 1), x, y,
                random.Next(), trend);

        switch (finding)
        {
            case PhantomFinding.Cardiomegaly:
                // Size is the cardiothoracic ratio here: 0.52 is barely enlarged. A harder setting moves it towards the norm.
                float excess = random.Range(0.035f, 0.17f) * Math.Clamp(sizeFactor, 0.6f, 1.35f);
                return [new Lesion(
                    finding, 0, "", 0, excess / 0.2f, Math.Clamp(0.485f + excess, 0.49f, 0.68f), Math.Clamp(excess * 3, 0, 1), 0, 0, random.Next(),
                    trend)];
            case PhantomFinding.Consolidation:
                {
                    var (site, x, y) = Zone(random, side);
                    return [Make(side, site, random.Integer(0, 2), random.Range(0.27f, 0.42f), random.Range(0.6f, 0.9f), x, y)];
                }
            case PhantomFinding.Pneumonia:
                {
                    var (site, x, y) = Zone(random, side);
                    var first = Make(side, site, 0, random.Range(0.27f, 0.41f), random.Range(0.5f, 0.85f), x, y);
                    if (!random.Chance(0.3f)) return [first];
                    var (other, x2, y2) = Zone(random, -side);
                    return [first, Make(-side, other, 0, random.Range(0.2f, 0.34f), random.Range(0.45f, 0.75f), x2, y2)];
                }
            case PhantomFinding.LungOpacity:
                {
                    var (site, x, y) = Zone(random, side);
                    return [Make(side, site, 0, random.Range(0.24f, 0.42f), random.Range(0.32f, 0.56f), x, y)];
                }
            case PhantomFinding.Atelectasis:
                return Atelectasis(random, side, Make);
            case PhantomFinding.PleuralEffusion:
                // A layering effusion of a supine patient is a veil, an upright one a meniscus.
                int form = isBedside && random.Chance(0.3f) ? 1 : 0;
                var effusion = Make(side, "", form, random.Range(0.14f, 0.46f), random.Range(0.6f, 0.85f));
                if (!random.Chance(0.42f)) return [effusion];
                return [effusion, Make(-side, "", form, random.Range(0.12f, 0.38f), random.Range(0.55f, 0.8f))];
            case PhantomFinding.Pneumothorax:
                return [Make(side, "", isBedside && random.Chance(0.2f) ? 1 : 0, random.Range(0.2f, 0.42f), random.Range(0.65f, 1f))];
            case PhantomFinding.SupportDevices:
                return Devices(random, isBedside, present, trend, contrastFactor);
            default:
                return [];
        }
    }

    private static Lesion[] Atelectasis(CounterRandom random, int side, Func<int, string, int, float, float, float, float, Lesion> make)
    {
        if (random.Chance(0.35f)) // a wedge of collapse at a base, on the left often behind the heart
        {
            bool behindHeart = side > 0 && random.Chance(0.6f);
            return [make(side, behindHeart ? "retrocardiac" : "lower", 1, random.Range(0.3f, 0.44f), random.Range(0.5f, 0.85f),
                side * (behindHeart ? 0.3f : 0.42f), 0.55f)];
        }
        var first = make(side, random.Chance(0.75f) ? "lower" : "mid", 0, random.Range(0.36f, 0.56f), random.Range(0.5f, 0.9f),
            side * random.Range(0.4f, 0.65f), 0);
        first = first with { Y = first.Site == "mid" ? random.Range(-0.1f, 0.15f) : random.Range(0.42f, 0.62f) };
        if (!random.Chance(0.4f)) return [first];
        return [first, make(
            -side, "lower", 0, random.Range(0.3f, 0.48f), random.Range(0.45f, 0.85f), -side * random.Range(0.4f, 0.65f), random.Range(0.42f, 0.62f))];
    }

    private static List<Lesion> Devices(CounterRandom random, bool isBedside, List<Lesion> present, Trend trend, float contrastFactor)
    {
        var kinds = new List<(string Kind, int Side)>();
        if (isBedside)
        {
            if (random.Chance(0.45f)) kinds.Add((EndotrachealTube, 0));
            if (random.Chance(kinds.Count > 0 ? 0.75f : 0.2f)) kinds.Add((EntericTube, 0));
        }
        if (random.Chance(0.5f))
            kinds.Add((random.Pick(JugularLine, JugularLine, SubclavianLine, PiccLine, PiccLine), random.Chance(0.65f) ? -1 : 1));
        if (random.Chance(0.22f)) kinds.Add((Pacemaker, random.Chance(0.8f) ? 1 : -1));
        if (random.Chance(0.2f)) kinds.Add((SternalWires, 0));
        var pneumothorax = present.Find(l => l.Finding == PhantomFinding.Pneumothorax);
        if (pneumothorax is not null ? random.Chance(0.6f) : random.Chance(0.08f)) kinds.Add((ChestTube, pneumothorax?.Side ?? (int)random.Sign()));
        if (kinds.Count == 0) kinds.Add((random.Pick(PiccLine, JugularLine, Pacemaker, SternalWires), random.Chance(0.5f) ? -1 : 1));
        var made = new List<Lesion>();
        foreach (var (kind, side) in kinds)
            made.Add(new Lesion(PhantomFinding.SupportDevices, kind is SternalWires ? 0 : side, kind, 0, 0.5f, 1,
                Math.Clamp(random.Range(0.5f, 0.9f) * contrastFactor, 0, 1), 0, 0, random.Next(), trend));
        return made;
    }

    private static (string Site, float X, float Y) Zone(CounterRandom random, int side)
    {
        float u = random.Uniform();
        var (site, x, y) = u < 0.25f ? ("upper", 0.48f, -0.62f) : u < 0.5f ? ("mid", 0.58f, -0.12f) : ("lower", 0.58f, 0.4f);
        return (site, side * (x + random.Range(-0.13f, 0.13f)), y + random.Range(-0.14f, 0.14f));
    }
}
