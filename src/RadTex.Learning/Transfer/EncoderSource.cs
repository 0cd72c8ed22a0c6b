using System.Security.Cryptography;
using System.Text;
using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Inspection;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models.Encoders;
using RadTex.Learning.Native;
using RadTex.Learning.Pretraining;
using RadTex.Prediction;
using RadTex.Prediction.Onnx;
using RadTex.Studies;
using static TorchSharp.torch;

namespace RadTex.Learning.Transfer;

/// <summary>An encoder to transfer: from a folder, or with fresh random weights as the control it is compared with.</summary>
public sealed class EncoderSource : IDisposable
{
    private const string RandomPrefix = "random:";

    private readonly string ownName;
    private readonly EncoderCard ownCard;
    private (PreparedDataset Dataset, int[] Rows)? unmeasured; // what the norms are to be measured on, while they are not

    private EncoderSource(string name, ImageEncoder encoder, EncoderCard card, SeenRadiographs seen) =>
        (Name, ownName, Encoder, Card, ownCard, Seen) = (name, name, encoder, card, card, seen);

    /// <summary>The folder, or "random:resnet18:64 seed 0", and what its norms were measured on where it is used frozen.</summary>
    public string Name { get; private set; }

    /// <summary>In evaluation mode.</summary>
    public ImageEncoder Encoder { get; }

    /// <summary>Its card. The hash of random weights with measured norms is one of all that those follow from (<see cref="MeasureOn"/>).</summary>
    public EncoderCard Card { get; private set; }

    /// <summary>What it learnt from.</summary>
    public SeenRadiographs Seen { get; private set; }

    /// <summary>What its training radiographs look like to it; null where that is not known, as of imported and random weights.</summary>
    public TrainingLikeness? Likeness { get; private init; }

    /// <summary>Whether the weights are fresh: the paper then trains longer and at a higher rate.</summary>
    public bool IsRandom => IsRandomName(Name);

    /// <summary>The seed of random weights.</summary>
    internal long RandomSeed { get; private init; }

    /// <summary>Whether its norms are those of a frozen encoder of random weights: it is none to train from.</summary>
    internal bool IsMeasured => Name != ownName;

    /// <summary>Whether a specification asks for fresh weights.</summary>
    public static bool IsRandomName(string specification) => specification.StartsWith(RandomPrefix, StringComparison.Ordinal);

    /// <summary>Opens an encoder.</summary>
    /// <param name="specification">An encoder's folder, or random:NAME[:WIDTH] with one of <see cref="Encoders.Names"/>.</param>
    /// <param name="seed">Of random weights.</param>
    /// <param name="imageSize">Of a random encoder, in pixels; a folder's card knows its own.</param>
    /// <param name="channels">Of a random encoder, 1 or 3.</param>
    /// <exception cref="UserErrorException">No such encoder.</exception>
    public static EncoderSource Open(string specification, long seed, int imageSize, int channels = 1)
    {
        TorchLibrary.EnsureLoaded();
        if (!IsRandomName(specification))
        {
            var (encoder, card) = EncoderFolder.Read(specification);
            try
            {
                return new(specification, encoder, card,
                SeenRadiographs.Read(specification))
                { Likeness = LikenessFile.Read(specification, card.WeightsSha256) };
            }
            catch
            {
                encoder.Dispose();
                throw;
            }
        }
        var parts = specification[RandomPrefix.Length..].Split(':');
        int width = 64;
        if (Encoders.Find(parts[0]) is null || parts.Length > 2
            || (parts.Length == 2 && (!PlainNumber.TryParse(parts[1], out width) || width is < 1 or > 1024)))
            throw new UserErrorException(
                $"No encoder '{specification}'. Expected a folder or random:NAME[:WIDTH] with one of "
                    + $"{string.Join(", ", Encoders.Names)} and a width of 1 to 1,024.");
        return Random(parts[0], width, seed, imageSize, channels);
    }

    /// <summary>An encoder at hand, such as one just trained.</summary>
    /// <param name="name">What results shall call it.</param>
    /// <param name="encoder">Put into evaluation mode; disposed with this.</param>
    /// <param name="card">Its input; the weights' hash is filled in where it is empty.</param>
    /// <param name="seen">What it learnt from; null where that is not known.</param>
    public static EncoderSource Of(string name, ImageEncoder encoder, EncoderCard card, SeenRadiographs? seen = null)
    {
        encoder.eval();
        return new(
            name, encoder,
            card.WeightsSha256.Length > 0 ? card : card with
            {
                WeightsSha256 = SafeTensors.Sha256(ModuleWeights.Of(encoder)),
                FeatureWidth = encoder.FeatureWidth,
            },
            seen ?? SeenRadiographs.Unknown);
    }

    /// <summary>
    /// Fresh weights that follow from the seed (torchvision's initial values, residual branches zero): to train from; to be used frozen after
    /// <see cref="MeasureOn"/>.
    /// </summary>
    public static EncoderSource Random(string architecture, int width, long seed, int imageSize, int channels = 1)
    {
        using var generator = new Generator((ulong)seed);
        var encoder = Encoders.Create(new(architecture, width, channels, imageSize), generator);
        var card = new EncoderCard(
            architecture, width, channels, imageSize, IntensityScaling.Max.Name(), "MONOCHROME2", encoder.FeatureWidth,
            $"random weights of seed {seed}", false, "");
        encoder.eval();
        var weights = SafeTensors.Sha256(ModuleWeights.Of(encoder));
        return new($"{RandomPrefix}{architecture}:{width} seed {seed}", encoder, card with { WeightsSha256 = weights }, SeenRadiographs.Nothing)
        {
            RandomSeed = seed,
        };
    }

    /// <summary>
    /// Makes random weights ready to be used frozen: all norms' scales 1, running statistics of up to 2,048 training radiographs drawn by the
    /// seed, in one pass. The pass is made when the first features are computed. A trained encoder stays as it is.
    /// </summary>
    /// <param name="dataset">Stays open as long as features are computed.</param>
    /// <param name="trainRows">Radiographs that labels may be drawn from, none of the test's.</param>
    public void MeasureOn(PreparedDataset dataset, IReadOnlyList<int> trainRows)
    {
        if (!IsRandom) return;
        int[] rows = NormStatistics.Draw(trainRows, RandomSeed);
        // Of what the statistics follow from, not of their values, which threads and processors round each in their own way.
        var made = $"{ownCard.WeightsSha256}\nscales 1, statistics of centre "
            + $"views\n{dataset.Hash}\n{FeatureCard.HashOf(rows.Select(i => dataset[i].ImageId))}";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(made)));
        if (Card.WeightsSha256 == hash) return;
        unmeasured = (dataset, rows);
        var how = $"norms measured on {rows.Length:N0} training radiographs";
        Name = $"{ownName}, {how}";
        Card = ownCard with
        {
            WeightsSha256 = hash,
            Provenance = $"{ownCard.Provenance}; scales 1, {how} of the dataset {dataset.Hash}",
            Synthetic = dataset.Manifest.Synthetic,
        };
    }

    /// <summary>Measures what <see cref="MeasureOn"/> promised, once.</summary>
    internal void Prepare(CancellationToken cancellation = default)
    {
        if (unmeasured is not { } on) return;
        NormStatistics.Measure(Encoder, on.Dataset, on.Rows, Input(), cancellation);
        unmeasured = null;
    }

    /// <summary>The input the encoder was made for.</summary>
    public RadiographInput Input() => new(Card.ImageSize, Card.Channels, IntensityScalings.Parse(Card.Scaling));

    /// <summary>What a model of it with heads says of itself.</summary>
    internal ModelNotes NotesWith(IReadOnlyList<TrainedHead> heads) => ModelNotes.Of(Card, Seen, heads, Likeness);

    /// <summary>Leaves patients out of <see cref="Seen"/>: for what leaves a place whose patients' ids can be guessed.</summary>
    public void ForgetPatients() => Seen = Seen.WithoutPatients();

    /// <summary>Releases the encoder.</summary>
    public void Dispose() => Encoder.Dispose();
}
