using System.Text.Json;
using RadTex.Learning.Models;
using TorchSharp;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Models;

/// <summary>
/// The contrastive losses and the text encoder beside PyTorch's, finite differences and closed formulas; Golden/README.md gives the form.
/// </summary>
public sealed class ContrastiveLossTests
{
    private const double Tolerance = 1e-9;

    [Theory, InlineData("softmax"), InlineData("sigmoid")]
    public void Loss_and_gradients_are_PyTorchs(string form)
    {
        using var scope = NewDisposeScope();
        using var golden = Golden.Open("objectives/contrastive");
        var root = golden.RootElement;
        double Number(string key) => root.GetProperty(key).GetDouble();
        long[] shape = [root.GetProperty("pairs").GetInt64(), root.GetProperty("width").GetInt64()];
        Tensor images = Golden.Filled("images", 1, shape).requires_grad_(), texts = Golden.Filled("texts", 1, shape).requires_grad_();
        Tensor scale = tensor([Number("log_scale")]).requires_grad_(), bias = tensor([Number("bias")]).requires_grad_();

        var loss = form == "softmax"
            ? ContrastiveLoss.Softmax(images, texts, Number("temperature"), Number("weight")).Loss
            : ContrastiveLoss.Sigmoid(images, texts, scale, bias);
        loss.backward();

        var expected = root.GetProperty(form);
        Near([loss.item<double>()], [expected.GetProperty("loss").GetDouble()]);
        Tensor[] leaves = form == "softmax" ? [images, texts] : [images, texts, scale, bias];
        foreach (var (leaf, gradient) in leaves.Zip(expected.GetProperty("gradients").EnumerateArray())) Near(Values(leaf.grad!), Values(gradient));
    }

    [Theory, InlineData("softmax"), InlineData("sigmoid")]
    public void Gradients_are_those_of_finite_differences(string form)
    {
        using var scope = NewDisposeScope();
        var images = Draw.Normal([4, 6], ScalarType.Float64).requires_grad_();
        Tensor texts = Draw.Normal([4, 6], ScalarType.Float64), scale = tensor([1.2]), bias = tensor([-2.0]);
        Tensor Loss(Tensor x) =>
            form == "softmax" ? ContrastiveLoss.Softmax(x, texts, 0.3, 0.6).Loss : ContrastiveLoss.Sigmoid(x, texts, scale, bias);
        Loss(images).backward();
        using var _ = no_grad();
        const double Step = 1e-6;
        for (int i = 0; i < 24; i++)
        {
            double At(double by)
            {
                using var moved = images.detach().clone();
                moved.view(-1)[i] += by;
                return Loss(moved).item<double>();
            }
            images.grad!.view(-1)[i].item<double>().ShouldBe((At(Step) - At(-Step)) / (2 * Step), 1e-7);
        }
    }

    [Theory, InlineData(2), InlineData(7)]
    public void Constant_vectors_give_ln_B_and_the_sigmoid_form_its_closed_formula(int pairs)
    {
        using var scope = NewDisposeScope();
        var same = ones(pairs, 3, dtype: ScalarType.Float64);
        ContrastiveLoss.Softmax(same, same * 2, 0.1, 0.75).Loss.item<double>().ShouldBe(Math.Log(pairs), 1e-12);

        Tensor images = Draw.Normal([pairs, 3], ScalarType.Float64), texts = Draw.Normal([pairs, 3], ScalarType.Float64);
        double scale = 3, bias = -0.7, sum = 0;
        double[] x = Values(nn.functional.normalize(images)), y = Values(nn.functional.normalize(texts));
        for (int i = 0; i < pairs; i++)
            for (int j = 0; j < pairs; j++)
            {
                double logit = scale * Enumerable.Range(0, 3).Sum(k => x[3 * i + k] * y[3 * j + k]) + bias;
                sum += Math.Log(1 + Math.Exp(i == j ? -logit : logit));
            }
        ContrastiveLoss.Sigmoid(images, texts, tensor([Math.Log(scale)]), tensor([bias])).item<double>().ShouldBe(sum / pairs, 1e-12);
    }

    [Fact]
    public void Text_encoder_is_PyTorchs_and_padding_changes_no_text()
    {
        using var scope = NewDisposeScope();
        using var golden = Golden.Open("objectives/text-encoder");
        var root = golden.RootElement;
        int Size(string key) => root.GetProperty(key).GetInt32();
        using var encoder = new TextEncoder(
            new(VocabularySize: Size("vocabulary"), Hidden: Size("hidden"), Layers: Size("layers"), Heads: Size("heads"),
                Feedforward: Size("feedforward"), MaxTokens: Size("max_tokens"), Dropout: 0), compute: null, Draw.Stream);
        encoder.to(ScalarType.Float64);
        using (no_grad())
            foreach (var (name, parameter) in encoder.named_parameters())
                parameter.copy_(parameter.dim() > 1 ? Golden.Filled(name, 0.3, parameter.shape)
                    : Golden.Filled(name, 0.02, parameter.shape)
                        + (name.Contains("norm") && name.EndsWith("weight", StringComparison.Ordinal) ? 1 : 0));
        int[][] tokens = [.. root.GetProperty("tokens").EnumerateArray().Select(t => t.EnumerateArray().Select(v => v.GetInt32()).ToArray())];
        using var texts = CaptionBatch.PackWhole(tokens);

        var pooled = encoder.Forward(texts);
        (pooled * Golden.Filled("of pooled", 1, pooled.shape)).sum().backward();

        Near(Values(pooled), Values(root.GetProperty("pooled")));
        var norms = root.GetProperty("gradient_norms");
        foreach (var (name, parameter) in encoder.named_parameters().Where(p => !p.name.StartsWith("embedding.layer_norm", StringComparison.Ordinal)))
            Near([parameter.grad!.norm().item<double>()], [norms.GetProperty(name).GetDouble()]);
        encoder.eval();
        for (int i = 0; i < tokens.Length; i++)
        {
            using var alone = CaptionBatch.PackWhole([tokens[i]]);
            Near(Values(encoder.Forward(alone)), Values(pooled[i]));
        }
    }

    private static double[] Values(Tensor tensor) => tensor.detach().contiguous().data<double>().ToArray();

    private static double[] Values(JsonElement numbers) => [.. numbers.EnumerateArray().Select(v => v.GetDouble())];

    private static void Near(double[] own, double[] expected)
    {
        own.Length.ShouldBe(expected.Length);
        foreach (var (value, other) in own.Zip(expected)) (Math.Abs(value - other) / Math.Max(1, Math.Abs(other))).ShouldBeLessThan(Tolerance);
    }
}
