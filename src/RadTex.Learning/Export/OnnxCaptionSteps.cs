using Microsoft.ML.OnnxRuntime;
using RadTex.Learning.Models;
using RadTex.Learning.Models.Decoding;
using static TorchSharp.torch;

namespace RadTex.Learning.Export;

/// <summary>The steps of an exported captioning model: each step's keys and values go into the next one without being touched here.</summary>
internal sealed class OnnxCaptionSteps : ICaptionSteps
{
    private readonly ModelConfiguration sizes;
    private readonly InferenceSession step;
    private readonly RunOptions options = new();
    private readonly IDisposableReadOnlyCollection<OrtValue> patches; // keys and values of each layer in turn, once an image
    private readonly string[] inputs, outputs;
    private IDisposableReadOnlyCollection<OrtValue>? latest; // the last step's outputs
    private long[] imageOfRow, parents;
    private int length;

    /// <param name="sizes">The model's.</param>
    /// <param name="step">Stays the caller's.</param>
    /// <param name="patches">Of <paramref name="images"/> images; disposed with this.</param>
    /// <param name="images">Each starts as one row.</param>
    internal OnnxCaptionSteps(ModelConfiguration sizes, InferenceSession step, IDisposableReadOnlyCollection<OrtValue> patches, int images)
    {
        (this.sizes, this.step, this.patches) = (sizes, step, patches);
        imageOfRow = Rows(images);
        parents = Rows(images);
        int[] layers = [.. Enumerable.Range(0, sizes.Layers)];
        inputs =
        [
            DecoderGraphs.Tokens, DecoderGraphs.Positions, DecoderGraphs.ImageOfRow, DecoderGraphs.ParentOfRow,
            .. layers.SelectMany(i => (string[])[DecoderGraphs.PatchKeys(i), DecoderGraphs.PatchValues(i)]),
            .. layers.SelectMany(i => (string[])[DecoderGraphs.PastKeys(i), DecoderGraphs.PastValues(i)]),
        ];
        outputs = [DecoderGraphs.LogProbabilities, .. layers.SelectMany(i => (string[])[DecoderGraphs.Keys(i), DecoderGraphs.Values(i)])];
    }

    public Tensor Next(IReadOnlyList<int> tokens)
    {
        int rows = tokens.Count;
        var own = new List<OrtValue>(); // what is made for this step alone
        try
        {
            OrtValue Numbers(long[] values) => Own(OrtValue.CreateTensorValueFromMemory(values, [values.Length]));
            OrtValue Own(OrtValue value)
            {
                own.Add(value);
                return value;
            }
            // Before the first token the past is there, and empty.
            IEnumerable<OrtValue> past = latest?.Skip(1) ?? Enumerable.Range(0, 2 * sizes.Layers)
                .Select(
                    _ => Own(
                        OrtValue.CreateAllocatedTensorValue(
                            OrtAllocator.DefaultInstance, Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float,
                            [rows, sizes.Heads, 0, sizes.Hidden / sizes.Heads])));
            OrtValue[] values = [Numbers([.. tokens.Select(token => (long)token)]), Numbers([.. Enumerable.Repeat((long)length, rows)]),
                Numbers(imageOfRow), Numbers(parents), .. patches, .. past];
            var results = step.Run(options, inputs, values, outputs);
            latest?.Dispose();
            latest = results;
        }
        finally { foreach (var value in own) value.Dispose(); }
        length++;
        parents = Rows(rows);
        return tensor(latest[0].GetTensorDataAsSpan<float>().ToArray(), [rows, sizes.VocabularySize]); // [R, V]
    }

    public void Keep(IReadOnlyList<int> parents)
    {
        imageOfRow = [.. parents.Select(parent => imageOfRow[parent])];
        this.parents = [.. parents.Select(parent => this.parents[parent])];
    }

    public void Forget()
    {
        latest?.Dispose();
        latest = null;
        length = 0;
        parents = Rows(imageOfRow.Length);
    }

    public void Dispose()
    {
        latest?.Dispose();
        patches.Dispose();
        options.Dispose();
    }

    private static long[] Rows(int count) => [.. Enumerable.Range(0, count).Select(row => (long)row)];
}
