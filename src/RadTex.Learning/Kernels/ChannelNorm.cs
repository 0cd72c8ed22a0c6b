using RadTex.Learning.Native;
using static TorchSharp.torch;

namespace RadTex.Learning.Kernels;

/// <summary>
/// Batch normalisation while training, with the sum and the ReLU that follow it in a residual block: three passes over memory forwards and five
/// backwards (seven with a shortcut), where torch's separate kernels make six (nine) and eight. Channels lie innermost.
/// </summary>
internal static unsafe class ChannelNorm
{
    /// <summary>Whether the kernel takes these images [B, C, S, S]: dense, channels innermost, a multiple of sixteen of them.</summary>
    internal static bool Fits(Tensor images)
    {
        if (!HostTensor.Fits(images) || images.shape[1] % Lanes.Count != 0) return false;
        using var inOrder = images.permute(0, 2, 3, 1);
        return inOrder.is_contiguous();
    }

    /// <summary>Images [B, C, S, S] to normalised ones, with the shortcut added and negative values made zero where asked for.</summary>
    /// <param name="images">Images that <see cref="Fits"/>.</param>
    /// <param name="weight">Scale [C], float32.</param>
    /// <param name="bias">Offset [C], float32.</param>
    /// <param name="running">Running mean and variance [C] to be moved, and how far; null for none.</param>
    /// <param name="epsilon">Added to the variance.</param>
    /// <param name="rectify">Whether a ReLU ends it.</param>
    /// <param name="shortcut">Images of the same shape, type and order, added before the ReLU; null for none.</param>
    /// <exception cref="UserErrorException">A channel has a single value, which has no variance; torch refuses it likewise.</exception>
    internal static Tensor Apply(
        Tensor images, Tensor weight, Tensor bias, (Tensor Mean, Tensor Variance, double Momentum)? running, double epsilon, bool rectify,
        Tensor? shortcut)
    {
        var rows = Rows.Of(images);
        if (rows.Count < 2)
            throw new UserErrorException(
                $"Batch normalisation got {rows.Count:N0} value a channel ([{string.Join(", ", images.shape)}]) and needs two "
                    + "or more in training. Take more radiographs at once, or larger images.");
        var options = new Options(running, epsilon, rectify, shortcut is not null);
        return shortcut is null ? Function.apply(images, weight, bias, options) : Function.apply(images, weight, bias, options, shortcut);
    }

    private sealed record Options((Tensor Mean, Tensor Variance, double Momentum)? Running, double Epsilon, bool Rectify, bool HasShortcut)
    {
        internal float[] Mean { get; set; } = [];

        /// <summary>One over the standard deviation.</summary>
        internal float[] Inverse { get; set; } = [];
    }

    // Images as rows of C values, and where they lie.
    private readonly record struct Rows(long Count, int C, bool Wide)
    {
        internal static Rows Of(Tensor images) =>
            new(images.shape[0] * images.shape[2] * images.shape[3], (int)images.shape[1], images.dtype == ScalarType.Float32);

        internal void For(Action<int, long, long> body) => TorchThreads.For(Count, Math.Max(1, 16384 / C), body);

        internal int Parts => TorchThreads.Parts(Count, Math.Max(1, 16384 / C));
    }

    private static nint Address(Tensor images)
    {
        using var inOrder = images.permute(0, 2, 3, 1);
        return HostTensor.Address(inOrder);
    }

    private static Tensor Like(Tensor images) =>
        empty([images.shape[0], images.shape[2], images.shape[3], images.shape[1]], dtype: images.dtype).permute(0, 3, 1, 2);

    private sealed class Function : autograd.SingleTensorFunction<Function>
    {
        public override string Name => "RadTexChannelNorm";

        public override Tensor forward(autograd.AutogradContext ctx, params object[] vars)
        {
            using var scope = NewDisposeScope();
            var (images, weight, bias, options, shortcut) = (
                (Tensor)vars[0], (Tensor)vars[1], (Tensor)vars[2], (Options)vars[3],
                vars.Length > 4 ? InOrder((Tensor)vars[4], (Tensor)vars[0]) : null);
            var rows = Rows.Of(images);
            var result = Like(images);
            nint x = Address(images), s = shortcut is null ? 0 : Address(shortcut), y = Address(result);
            Measure(rows, x, options);
            float[] factor = new float[rows.C], offset = new float[rows.C];
            nint w = HostTensor.Address(weight), b = HostTensor.Address(bias);
            for (int c = 0; c < rows.C; c++)
            {
                factor[c] = ((float*)w)[c] * options.Inverse[c];
                offset[c] = ((float*)b)[c] - options.Mean[c] * factor[c];
            }
            rows.For((_, first, end) =>
            {
                var lines = new ChannelRows(first, end, rows.C) { X = x, Added = s, Result = y };
                if (rows.Wide) ChannelPasses.Normalise<float>(lines, factor, offset, options.Rectify);
                else ChannelPasses.Normalise<ushort>(lines, factor, offset, options.Rectify);
            });
            GC.KeepAlive(images);
            GC.KeepAlive(weight);
            GC.KeepAlive(bias);
            // The result is saved by another handle: with its own it would hold the graph that holds it.
            ctx.save_for_backward([images, weight, options.Rectify ? result.detach().MoveToOuterDisposeScope() : images]);
            ctx.save_data("options", options);
            return result.MoveToOuterDisposeScope();
        }

        public override List<Tensor> backward(autograd.AutogradContext ctx, Tensor gradOutput)
        {
            using var scope = NewDisposeScope();
            var options = (Options)ctx.get_data("options");
            var saved = ctx.get_saved_variables();
            var (images, weight, result) = (saved[0], saved[1], saved[2]);
            var rows = Rows.Of(images);
            var gradient = InOrder(gradOutput, images);
            bool changes = options.Rectify && options.HasShortcut; // then the gradient behind the ReLU is the shortcut's, and is kept
            var behind = changes ? Like(images) : gradient;
            var imageGradient = Like(images);
            nint x = Address(images), y = options.Rectify ? Address(result) : 0, g = Address(gradient), r = changes ? Address(behind) : 0,
                d = Address(imageGradient);
            var (sums, products) = Sum(rows, x, y, g, r, options.Mean);
            float[] slope = new float[rows.C], constant = new float[rows.C], factor = new float[rows.C];
            var (weightGradient, biasGradient) = (empty(rows.C), empty(rows.C));
            nint w = HostTensor.Address(weight), dw = HostTensor.Address(weightGradient), db = HostTensor.Address(biasGradient);
            for (int c = 0; c < rows.C; c++)
            {
                double inverse = options.Inverse[c], scale = ((float*)w)[c] * inverse;
                ((float*)dw)[c] = (float)(products[c] * inverse);
                ((float*)db)[c] = (float)sums[c];
                // dx = scale (g - mean g - (x - mean) inverse² mean(g (x - mean))) = factor g + slope x + constant
                factor[c] = (float)scale;
                double tilt = -scale * inverse * inverse * products[c] / rows.Count;
                slope[c] = (float)tilt;
                constant[c] = (float)(-scale * sums[c] / rows.Count - tilt * options.Mean[c]);
            }
            nint from = changes ? r : g, mask = changes ? 0 : y;
            rows.For((_, first, end) =>
            {
                var lines = new ChannelRows(first, end, rows.C) { X = x, Passed = mask, Gradient = from, Result = d };
                if (rows.Wide) ChannelPasses.ImageGradients<float>(lines, factor, slope, constant);
                else ChannelPasses.ImageGradients<ushort>(lines, factor, slope, constant);
            });
            GC.KeepAlive(saved);
            return options.HasShortcut
                ? Gradients.Return(gradOutput, imageGradient, weightGradient, biasGradient, null, changes ? behind : gradient.alias())
                : Gradients.Return(gradOutput, imageGradient, weightGradient, biasGradient, null);
        }
    }

    private static Tensor InOrder(Tensor images, Tensor model)
    {
        var inOrder = images.to(model.dtype).permute(0, 2, 3, 1);
        return (inOrder.is_contiguous() ? inOrder : inOrder.contiguous()).permute(0, 3, 1, 2);
    }

    // Mean and deviation of each channel. Sums are of differences from the first row, so that a mean far from zero costs no digits.
    private static void Measure(Rows rows, nint x, Options options)
    {
        int C = rows.C;
        double[] sum = new double[rows.Parts * C], square = new double[rows.Parts * C];
        var origin = new float[C];
        for (int c = 0; c < C; c++) origin[c] = rows.Wide ? ((float*)x)[c] : Lanes.Load1((ushort*)x + c);
        rows.For((part, first, end) =>
        {
            var lines = new ChannelRows(first, end, C) { X = x };
            if (rows.Wide) ChannelPasses.AddMoments<float>(lines, origin, sum.AsSpan(part * C, C), square.AsSpan(part * C, C));
            else ChannelPasses.AddMoments<ushort>(lines, origin, sum.AsSpan(part * C, C), square.AsSpan(part * C, C));
        });
        float[] mean = new float[C], inverse = new float[C];
        var (momentum, runningMean, runningVariance) = (0.0, (nint)0, (nint)0);
        if (options.Running is { } running)
            (momentum, runningMean, runningVariance) = (running.Momentum, HostTensor.Address(running.Mean), HostTensor.Address(running.Variance));
        for (int c = 0; c < C; c++)
        {
            double s = 0, q = 0;
            for (int part = 0; part < rows.Parts; part++) (s, q) = (s + sum[part * C + c], q + square[part * C + c]);
            double variance = Math.Max(0, q - s * s / rows.Count) / rows.Count;
            (mean[c], inverse[c]) = ((float)(origin[c] + s / rows.Count), (float)(1 / Math.Sqrt(variance + options.Epsilon)));
            if (double.IsNaN(q)) inverse[c] = float.NaN;
            if (runningMean == 0) continue;
            ((float*)runningMean)[c] = (float)((1 - momentum) * ((float*)runningMean)[c] + momentum * mean[c]);
            ((float*)runningVariance)[c] =
                (float)((1 - momentum) * ((float*)runningVariance)[c] + momentum * variance * rows.Count / (rows.Count - 1));
        }
        (options.Mean, options.Inverse) = (mean, inverse);
    }

    // Each channel's sum of g and of g (x - mean); g is the gradient where y is over zero, and is kept where `kept` is given.
    private static (double[] Sums, double[] Products) Sum(Rows rows, nint x, nint y, nint gradient, nint kept, float[] mean)
    {
        int C = rows.C;
        double[] sums = new double[rows.Parts * C], products = new double[rows.Parts * C];
        rows.For((part, first, end) =>
        {
            var lines = new ChannelRows(first, end, C) { X = x, Passed = y, Gradient = gradient, Result = kept };
            if (rows.Wide) ChannelPasses.AddGradients<float>(lines, mean, sums.AsSpan(part * C, C), products.AsSpan(part * C, C));
            else ChannelPasses.AddGradients<ushort>(lines, mean, sums.AsSpan(part * C, C), products.AsSpan(part * C, C));
        });
        for (int part = 1; part < rows.Parts; part++)
            for (int c = 0; c < C; c++) (sums[c], products[c]) = (sums[c] + sums[part * C + c], products[c] + products[part * C + c]);
        return (sums, products);
    }
}
