using RadTex.Files;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Checkpoints;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Decoding;
using RadTex.Prediction.Onnx;
using RadTex.Text;
using static TorchSharp.torch;

namespace RadTex.Learning.Export;

/// <summary>A captioning model for ONNX Runtime, compared with our own before it counts as done.</summary>
public static class CaptionerExport
{
    /// <summary>
    /// Writes encoder, decoder, vocabulary and card, and writes captions with them and with our own model: all tokens must be equal.
    /// </summary>
    /// <param name="model">In evaluation mode, on the CPU, in float32.</param>
    /// <param name="vocabulary">Its own.</param>
    /// <param name="card">Its own.</param>
    /// <param name="folder">A new one.</param>
    /// <param name="pictures">What captions are compared on, and noise besides: radiographs, since captions of noise alone could all be the
    /// same.</param>
    /// <param name="foldBatchNorm">Whether each batch norm becomes part of the convolution before it.</param>
    /// <returns>What was compared, in words.</returns>
    /// <exception cref="UserErrorException">There is something at <paramref name="folder"/>, or ONNX Runtime writes other captions; nothing is then
    /// left there.</exception>
    public static string Run(
        RadTexModel model, WordPieceVocabulary vocabulary, ModelCard card, string folder, IReadOnlyList<GreyImage> pictures,
        bool foldBatchNorm = false)
    {
        OutputFile.RequirePath(folder);
        folder = Path.TrimEndingDirectorySeparator(folder);
        if (File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()))
            throw new UserErrorException($"The setting 'out' = {folder} is there already. Expected a new folder: choose another name.");
        var work = folder + AtomicFile.TemporarySuffix;
        try
        {
            if (Directory.Exists(work)) Directory.Delete(work, recursive: true);
            Directory.CreateDirectory(work);
            OnnxCaptioner.Write(work, model, vocabulary, card, foldBatchNorm);
            string compared;
            using (var exported = ReadBack(work, card)) compared = Compare(model, card, exported, pictures);
            if (Directory.Exists(folder)) Directory.Delete(folder);
            Directory.Move(work, folder);
            return compared;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException) { throw AtomicFile.Explain(folder, e); }
        finally { if (Directory.Exists(work)) Directory.Delete(work, recursive: true); }
    }

    private static OnnxCaptioner ReadBack(string folder, ModelCard card)
    {
        try { return OnnxCaptioner.Open(folder); }
        catch (UserErrorException e) { throw Deviates(e.Message, card); }
    }

    private static string Compare(RadTexModel model, ModelCard card, OnnxCaptioner exported, IReadOnlyList<GreyImage> pictures)
    {
        using var scope = NewDisposeScope();
        using var _ = no_grad();
        var input = exported.Encoder.Input;
        var images = Inputs(pictures, input);
        var pixels = images.SelectMany(image => image).ToArray();
        var expected = model.Encode(tensor(pixels, [images.Count, input.Channels, input.ImageSize, input.ImageSize]));
        var found = exported.Encode(pixels, images.Count);
        double off = ModelSelfTest.Deviation(expected.contiguous().data<float>().ToArray(), found.data<float>().ToArray());
        if (!(off <= ModelExport.Tolerance))
            throw Deviates($"the encoder's output is off by {off:0.0e+0}, tolerance {ModelExport.Tolerance:0e+0}", card);
        int tokens = 0;
        double worst = 0;
        foreach (var (name, search) in new[] { ("greedy decoding", BeamSearch.Greedy), ("beam search", new BeamSearch()) })
        {
            var (ours, theirs) = (search.Search(model, expected), search.Search(exported, found));
            for (int image = 0; image < images.Count; image++)
                foreach (var (a, b) in ours[image].Zip(theirs[image]))
                {
                    if (!a.Tokens.SequenceEqual(b.Tokens))
                        throw Deviates($"{name} of check image {image + 1} gives {Said(exported, b)}, expected {Said(exported, a)}", card);
                    worst = Math.Max(worst, a.TokenLogProbabilities.Zip(b.TokenLogProbabilities).Max(p => Math.Abs(p.First - p.Second)));
                    tokens += a.Tokens.Count;
                }
        }
        return $"ONNX Runtime writes what our own model writes: {tokens:N0} tokens of {images.Count} images, greedy and beam "
            + $"search, log-probabilities within {worst:0.0e+0}";
    }

    private static List<float[]> Inputs(IReadOnlyList<GreyImage> pictures, RadiographInput input)
    {
        var noise = new byte[input.ImageSize * input.ImageSize];
        for (int i = 0; i < noise.Length; i++) noise[i] = (byte)(new CounterRandom(17, (ulong)i).UniformDouble() * 256);
        return [.. pictures.Append(new(noise, input.ImageSize, input.ImageSize, Upscaled: false)).Select(picture =>
        {
            var values = new float[input.Length];
            input.Fill(picture.Pixels, picture.Height, picture.Width, AffineMap.Identity, Interpolation.Bilinear, values);
            return values;
        })];
    }

    private static string Said(OnnxCaptioner captioner, Caption caption) =>
        $"'{Detokenizer.Join(Detokenizer.Words(captioner.Vocabulary, [.. caption.Tokens]))}'";

    private static UserErrorException Deviates(string what, ModelCard card) =>
        new(
            $"The exported model does not write what it should: {what}. Nothing was kept. Please report this with the "
                + $"model's card ({card.Provenance}).");
}
