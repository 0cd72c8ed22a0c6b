using RadTex.Heads;
using RadTex.Selection;

namespace RadTex.Studio.Labelling;

/// <summary>The pictures of a project, and their features once an encoder has made them.</summary>
public sealed class PicturePool
{
    private readonly Dictionary<string, int> rows;

    /// <summary>A pool without features yet.</summary>
    /// <exception cref="ArgumentException">Pictures and patients differ in number, or a hash comes twice.</exception>
    /// <param name="hashes">Each picture's SHA-256; they are all different.</param>
    /// <param name="patients">Each picture's patient.</param>
    public PicturePool(IReadOnlyList<string> hashes, IReadOnlyList<string> patients)
    {
        if (hashes.Count != patients.Count) throw new ArgumentException($"{patients.Count} patients for {hashes.Count} pictures", nameof(patients));
        (Hashes, Patients) = (hashes, patients);
        rows = hashes.Select((h, i) => (h, i)).ToDictionary();
        Selection = new(new float[hashes.Count], 1, patients);
    }

    /// <summary>SHA-256 of each picture's prepared size and bytes, lower-case hexadecimal: what the project's file knows it by.</summary>
    public IReadOnlyList<string> Hashes { get; }

    /// <summary>Each picture's patient, in the same order.</summary>
    public IReadOnlyList<string> Patients { get; }

    /// <summary>The number of pictures.</summary>
    public int Count => Hashes.Count;

    /// <summary>What policies choose from: without features every picture looks the same.</summary>
    public SelectionPool Selection { get; private set; }

    /// <summary>Null until they are there.</summary>
    public RadiographFeatures? Features { get; private set; }

    /// <summary>The mean of each feature; null until they are there.</summary>
    internal float[]? Means { get; private set; }

    /// <summary>A picture's row.</summary>
    /// <exception cref="UserErrorException">It is none of this project.</exception>
    public int RowOf(string hash) => rows.TryGetValue(hash, out int row) ? row
        : throw new UserErrorException(
            "That picture is none of this project: it was changed or removed since it was chosen. Go on with the next one.");

    /// <summary>Whether the project has a picture.</summary>
    public bool Has(string hash) => rows.ContainsKey(hash);

    /// <summary>Brings the features.</summary>
    /// <param name="features">A row a picture, in the same order.</param>
    /// <param name="prior">Scores known before any label; null for none.</param>
    public void Take(RadiographFeatures features, IReadOnlyList<double>? prior = null)
    {
        if (features.Count != Count) throw new ArgumentException($"{features.Count} rows of features for {Count} pictures", nameof(features));
        var values = new float[checked(Count * features.Width)];
        for (int i = 0; i < Count; i++) features.Row(i).CopyTo(values.AsSpan(i * features.Width));
        Selection = new(values, features.Width, Patients, prior);
        Means = LiveHead.MeansOf(features);
        Features = features;
    }
}
