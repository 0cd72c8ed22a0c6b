using TorchSharp.Modules;
using static TorchSharp.torch;

namespace RadTex.Learning.Models;

/// <summary>A linear layer with bias that multiplies in a given type, whatever the type of its weights.</summary>
public sealed class LinearLayer : nn.Module<Tensor, Tensor>
{
    private readonly Parameter weight, bias;
    private readonly ScalarType? compute;

    /// <summary>Weights ~ N(0, 0.02); bias uniform in ±1/sqrt(in) as torch leaves it, or zero (VirTex, textual_heads.py).</summary>
    public LinearLayer(int inWidth, int outWidth, ScalarType? compute, bool zeroBias = false, Generator? generator = null) : base(nameof(LinearLayer))
    {
        this.compute = compute;
        weight = nn.Parameter(InitialValues.Normal(InitialValues.Deviation, [outWidth, inWidth], generator));
        bias = nn.Parameter(zeroBias ? zeros(outWidth) : InitialValues.UniformBias(inWidth, outWidth, generator));
        RegisterComponents();
    }

    /// <summary>[.., in] to [.., out], in the compute type.</summary>
    public override Tensor forward(Tensor input) => LinearMap.Apply(input, weight, bias, compute);

    /// <summary>The same in a type that the call says.</summary>
    internal Tensor Apply(Tensor input, ScalarType type) => LinearMap.Apply(input, weight, bias, type);
}
