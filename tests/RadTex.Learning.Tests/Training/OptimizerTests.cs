using RadTex.Learning.Training;
using static TorchSharp.torch;

namespace RadTex.Learning.Tests.Training;

public sealed class OptimizerTests
{
    [Fact]
    public void Sgd_equals_torchs() =>
        Compare((own, _) => new Sgd(own), reference => optim.SGD(reference, 0.1, momentum: 0.9, weight_decay: 0.01));

    [Fact]
    public void AdamW_equals_torchs() =>
        Compare((own, _) => new AdamW(own), reference => optim.AdamW(reference, 0.1, weight_decay: 0.01));

    [Fact]
    public void Lookahead_goes_half_the_way_back_every_second_step()
    {
        using var scope = NewDisposeScope();
        using var module = nn.Linear(1, 1, hasBias: false, dtype: ScalarType.Float64);
        using (no_grad()) module.weight!.fill_(10);
        var groups = ParameterGroup.Group(module, _ => ("all", 1, 0));
        using var optimizer = new Lookahead(new Sgd(groups, momentum: 0), steps: 2, alpha: 0.5);
        var seen = new List<double>();
        for (int i = 0; i < 4; i++)
        {
            groups[0].Gradients.fill_(1);
            optimizer.Step(1);
            seen.Add(module.weight!.item<double>());
        }
        seen.ShouldBe([9, 9, 8, 8]); // 10 -> 9 -> 8, back to (8 + 10) / 2 = 9 -> 8 -> 7, back to (7 + 9) / 2 = 8
    }

    [Fact]
    public void Clipping_scales_to_the_bound_and_tells_the_norm_before()
    {
        using var scope = NewDisposeScope();
        using var module = nn.Linear(2, 1, hasBias: false, dtype: ScalarType.Float64);
        var groups = ParameterGroup.Group(module, _ => ("all", 1, 0));
        using var optimizer = new Sgd(groups);
        groups[0].Gradients.copy_(tensor(new double[] { 3, 4 }));
        optimizer.ClipGradients(10).ShouldBe(5, 1e-12);
        optimizer.ClipGradients(1).ShouldBe(5, 1e-12);
        groups[0].Gradients.norm().item<double>().ShouldBe(1, 1e-6);
    }

    [Fact]
    public void Captioning_groups_follow_virtexs_rule_and_hold_every_parameter_once()
    {
        using var model = TinyModel.Build();
        long total = model.parameters().Sum(p => p.numel());
        var before = model.named_parameters().ToDictionary(p => p.name, p => p.parameter.clone());
        var groups = ParameterGroup.ForCaptioning(model, 0.2, 0.001, 1e-4);
        groups.Sum(g => g.Values.numel()).ShouldBe(total);
        groups.ToDictionary(g => g.Name, g => (g.LearningRate, g.WeightDecay)).ShouldBe(new Dictionary<string, (double, double)>
        {
            ["visual"] = (0.2, 1e-4),
            ["textual"] = (0.001, 1e-4),
            ["textual_undecayed"] = (0.001, 0),
        }, ignoreOrder: true);
        long undecayed = model.named_parameters().Where(
            p => p.name.Contains(".embedding.layer_norm") || (
                p.name.Contains("transformer") && (p.name.Contains("norm") || p.name.EndsWith("bias", StringComparison.Ordinal))))
                    .Sum(p => p.parameter.numel());
        groups.Single(g => g.Name == "textual_undecayed").Values.numel().ShouldBe(undecayed);
        foreach (var (name, parameter) in model.named_parameters()) parameter.equal(before[name]).all().item<bool>().ShouldBeTrue(name);

        using (no_grad()) groups[0].Values.fill_(5);
        model.named_parameters().Count(p => p.parameter.eq(5).all().item<bool>()).ShouldBeGreaterThan(0); // they are views
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 0.5)]
    [InlineData(2, 1)]
    [InlineData(7, 0.5)]
    [InlineData(12, 0)]
    public void Schedule_warms_up_then_falls_as_squared_cosine(long step, double multiplier) =>
        new WarmupCosine(2, 12).Multiplier(step).ShouldBe(multiplier, 1e-12);

    private static void Compare(
        Func<IReadOnlyList<ParameterGroup>, nn.Module, Optimizer> make,
        Func<IEnumerable<TorchSharp.Modules.Parameter>, optim.Optimizer> makeReference)
    {
        using var scope = NewDisposeScope();
        using var own = nn.Linear(5, 4, dtype: ScalarType.Float64);
        using var reference = nn.Linear(5, 4, dtype: ScalarType.Float64);
        using (no_grad())
            foreach (var parameter in own.parameters()) parameter.copy_(Draw.Normal(parameter.shape, parameter.dtype));
        using (no_grad())
            foreach (var (to, from) in reference.parameters().Zip(own.parameters())) to.copy_(from);
        using var optimizer = make(ParameterGroup.Group(own, _ => ("all", 0.1, 0.01)), own);
        using var referenceOptimizer = makeReference(reference.parameters());
        for (int step = 0; step < 6; step++)
        {
            var x = Draw.Normal([7, 5], ScalarType.Float64);
            optimizer.ZeroGradients();
            own.forward(x).pow(2).sum().backward();
            optimizer.Step(1);
            referenceOptimizer.zero_grad();
            reference.forward(x).pow(2).sum().backward();
            referenceOptimizer.step();
        }
        foreach (var (a, b) in own.parameters().Zip(reference.parameters())) (a - b).abs().max().item<double>().ShouldBeLessThan(1e-12);
    }
}
