using RadTex.Data;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Metrics;
using RadTex.Studies;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Reading;

/// <summary>
/// Scores maps on radiographs where the place of each finding is known, such as phantoms: the true report is fed, and the map of each sentence that
/// states a finding is held against the finding's boxes.
/// </summary>
public static class LocalisationEvaluation
{
    /// <summary>The decoder's attention to patches, the mean over the tokens of the sentence that states the finding.</summary>
    public const string SentenceAttention = "attention, sentence";

    /// <summary>The decoder's attention to patches, the mean over the tokens of the finding's own words.</summary>
    public const string WordAttention = "attention, word";

    /// <summary>Grad-CAM (Selvaraju et al. 2017) of the encoder's features for the sentence's tokens.</summary>
    public const string GradCam = "Grad-CAM, sentence";

    /// <summary>LayerCAM (Jiang et al. 2021) for the first word of the sentence, where the report decides whether it states or denies.</summary>
    public const string LayerCam = "LayerCAM, first word";

    /// <summary>As <see cref="SentenceAttention"/>, of a model with fresh weights.</summary>
    public const string Untrained = "attention, fresh weights";

    /// <summary>As <see cref="LayerCam"/>, of a model with fresh weights.</summary>
    public const string UntrainedCam = "LayerCAM, fresh weights";

    /// <summary>A map that falls with the distance from the input's centre, whatever the picture.</summary>
    public const string Centre = "centre";

    /// <summary>What a map by chance scores: it points right as often as the boxes' share of the input.</summary>
    public const string Random = "random";

    /// <summary>Scores each kind of map on radiographs whose findings' places are known.</summary>
    /// <param name="reader">The model.</param>
    /// <param name="dataset">Prepared from the phantoms, with reports.</param>
    /// <param name="truth">Where findings are.</param>
    /// <param name="split">Which radiographs, one a study.</param>
    /// <param name="most">At most so many; null for all.</param>
    /// <param name="progress">Counts radiographs.</param>
    /// <param name="cancellation">Stops between radiographs.</param>
    /// <exception cref="UserErrorException">No radiograph of the split is among the phantoms.</exception>
    public static LocalisationResult Run(
        RadiographReader reader, PreparedDataset dataset, IKnownPlaces truth, Split split, int? most, IProgress<ProgressReport>? progress = null,
        CancellationToken cancellation = default)
    {
        var images = ReadingInputs.Of(reader.Card).OfSplit(dataset, split, most, withText: true);
        if (!images.Any(image => truth.SizeOf(image.Name) is not null))
            throw new UserErrorException(
                $"None of the radiographs of {dataset.Folder} ({split.Name()}) is among those of {truth.Source}, whose "
                    + "findings' places are known. Expected the set that the dataset was prepared from.");
        int[] others = [.. dataset.Radiographs.Where(r => r.Split != split).Select(r => r.Index)];
        var train = split == Split.Train ? [] : dataset.IndicesOf(Split.Train);
        // A dataset of the scored split alone has nothing else.
        using var untrained = reader.WithFreshWeights(
            seed: 1, dataset, train.Count > 1 ? train : others.Length > 1 ? others : dataset.IndicesOf(split));
        var cases = new List<(string Method, string Finding, double Pointing, double Overlap)>();
        var correlations = new List<(double Attention, double Cam)>();
        for (int i = 0; i < images.Count; i++)
        {
            cancellation.ThrowIfCancellationRequested();
            if (truth.SizeOf(images[i].Name) is { } size) ScoreOne(reader, untrained, images[i], size, truth.Of(images[i].Name), cases, correlations);
            progress?.Report(new("explaining", i + 1, images.Count, "radiographs"));
        }
        return new(
            [.. cases.GroupBy(c => (c.Method, c.Finding))
                .Select(g => new MapScore(g.Key.Method, g.Key.Finding, g.Count(), g.Average(c => c.Pointing), g.Average(c => c.Overlap)))],
            correlations.Count == 0 ? null : correlations.Average(c => c.Attention),
            correlations.Count == 0 ? null : correlations.Average(c => c.Cam));
    }

    private static void ScoreOne(
        RadiographReader reader, RadiographReader untrained, ReadingImage image, (int Height, int Width) fileSize, IEnumerable<FindingBox> lesions,
        List<(string, string, double, double)> cases, List<(double, double)> correlations)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        int S = reader.Input.ImageSize;
        var boxes = lesions.GroupBy(box => box.Label).ToDictionary(
            g => g.Key,
            g => g.Select(box => InView(box, fileSize, image, reader.Input)).Where(box => box.XMax >= box.XMin && box.YMax >= box.YMin).ToList());
        var tokens = reader.Tokenizer.Encode(image.TrueText!);
        var words = Detokenizer.Words(reader.Tokenizer.Vocabulary, tokens);
        var stated = FindingLabeller.Mentions(Detokenizer.Join(words))
            .Where(m => m.Status == Mention.Positive && boxes.TryGetValue(m.Finding, out var b) && b.Count > 0).GroupBy(m => m.Finding).ToList();
        if (stated.Count == 0) return;
        var batch = reader.Batch([image]);
        var features = reader.Model.Encode(batch);
        int grid = (int)features.shape[2];
        var attention = reader.Attention(reader.Model.Textual.Project(features), tokens); // row i: token i + 1
        var fresh = untrained.Attention(untrained.Model.Textual.Project(untrained.Model.Encode(batch)), tokens);
        var mentions = stated.Select(finding =>
        {
            var places = finding.Select(m => WordsAt(words, m.Start, m.Start + m.Length)).ToList();
            var sentences = places.Select(p => Sentence(words, p.First)).ToList();
            int[] Tokens(IEnumerable<(int First, int Last)> of) => [.. of.SelectMany(p => TokensOf(words, p.First, p.Last)).Distinct()];
            return (
                Finding: finding.Key, Words: Tokens(places), Sentences: Tokens(sentences), Begins: Tokens(sentences.Select(s => (s.First, s.First))));
        }).ToList();
        // A sentence's first word is where the report decides to state a finding (there is) or to deny it (no).
        IReadOnlyList<int>[] begins = [.. mentions.Select(m => m.Begins)];
        var layerCams = Explanations.LayerCam(reader.Model, batch, tokens, begins);
        var freshCams = Explanations.LayerCam(untrained.Model, batch, tokens, begins);
        int fine = (int)Math.Round(Math.Sqrt(layerCams[0].Length));
        foreach (var (i, (finding, ofWords, ofSentences, _)) in mentions.Index())
        {
            float[] MapOf(float[][] rows, int[] chosen) => PatchMaps.Mean([.. chosen.Select(token => rows[token - 1])]);
            var sentence = MapOf(attention, ofSentences);
            var randomised = MapOf(fresh, ofSentences);
            correlations.Add((PatchMaps.Spearman(sentence, randomised), PatchMaps.Spearman(layerCams[i], freshCams[i])));
            var cam = Explanations.GradCam(features, leaf => Explanations.SumOf(Explanations.TokenScores(reader.Model, leaf, tokens), ofSentences));
            var where = boxes[finding];
            void Add(string method, float[] map) =>
                cases.Add((method, finding, Localisation.Pointing(map, S, where), Localisation.IntersectionOverUnion(map, S, where)));
            Add(SentenceAttention, PatchMaps.Enlarge(sentence, grid, S));
            Add(WordAttention, PatchMaps.Enlarge(MapOf(attention, ofWords), grid, S));
            Add(GradCam, PatchMaps.Enlarge(cam, grid, S));
            Add(LayerCam, PatchMaps.Enlarge(layerCams[i], fine, S));
            Add(Untrained, PatchMaps.Enlarge(randomised, grid, S));
            Add(UntrainedCam, PatchMaps.Enlarge(freshCams[i], fine, S));
            Add(Centre, PatchMaps.Centre(S));
            double share = Localisation.Coverage(S, where); // a random point's chance, and the overlap of as many random pixels
            cases.Add((Random, finding, share, share / (2 - share)));
        }
    }

    // A box in pixels of the file becomes one in the centre crop the model sees, cut at its edges.
    private static PixelBox InView(FindingBox box, (int Height, int Width) file, ReadingImage image, RadiographInput input)
    {
        var (height, width) = input.WorkingSize(image.Height, image.Width);
        double sx = (double)width / file.Width, sy = (double)height / file.Height;
        double left = Math.Round((width - input.ImageSize) / 2.0, MidpointRounding.ToEven),
            top = Math.Round((height - input.ImageSize) / 2.0, MidpointRounding.ToEven);
        int last = input.ImageSize - 1;
        return new(
            Math.Max(0, box.X * sx - left), Math.Max(0, box.Y * sy - top),
            Math.Min(last, (box.X + box.Width) * sx - 1 - left), Math.Min(last, (box.Y + box.Height) * sy - 1 - top));
    }

    private static (int First, int Last) WordsAt(IReadOnlyList<TextWord> words, int start, int end)
    {
        int position = 0, first = -1, last = -1;
        for (int w = 0; w < words.Count; w++)
        {
            if (words[w].SpaceBefore) position++;
            if (position < end && start < position + words[w].Text.Length) (first, last) = (first < 0 ? w : first, w);
            position += words[w].Text.Length;
        }
        return (first, last);
    }

    private static (int First, int Last) Sentence(IReadOnlyList<TextWord> words, int word)
    {
        int first = word, last = word;
        while (first > 0 && words[first - 1].Text is not ("." or "?" or "!")) first--;
        while (last < words.Count - 1 && words[last].Text is not ("." or "?" or "!")) last++;
        return (first, last);
    }

    private static IEnumerable<int> TokensOf(IReadOnlyList<TextWord> words, int first, int last) =>
        Enumerable.Range(first, last - first + 1).SelectMany(w => Enumerable.Range(words[w].FirstToken, words[w].Tokens));
}
