namespace RadTex.Heads;

/// <summary>
/// L2-penalised logistic regression, binary or multinomial, solved to convergence: J = sum of losses + |W|² / 2C, biases free.
/// Truncated Newton: preconditioned conjugate gradients on the Hessian, then a backtracked step.
/// </summary>
/// <remarks>The same objective as scikit-learn's LogisticRegression(C), which its golden cases are checked against.</remarks>
internal sealed class LogisticRegression
{
    private const int MostNewtonSteps = 100;
    private const double RelativeTolerance = 1e-9;

    private readonly RowMatrix rows;
    private readonly int[] classes;
    private readonly int outputs, width;
    private readonly double penalty;
    private readonly GramMatrix gram;
    private CurvatureModel? model;
    private readonly double[] probabilities; // [n, K]

    private LogisticRegression(RowMatrix rows, int[] classes, int classCount, double strength, GramMatrix gram)
    {
        (this.rows, this.classes, this.gram) = (rows, classes, gram);
        outputs = classCount == 2 ? 1 : classCount;
        width = rows.Width + 1; // weights, then the bias
        penalty = 1 / strength;
        probabilities = new double[rows.Count * outputs];
    }

    /// <summary>The minimum of J.</summary>
    /// <param name="rows">[n, d], better standardised.</param>
    /// <param name="classes">[n] in 0..classCount-1; at least two must occur.</param>
    /// <param name="classCount">Two or more.</param>
    /// <param name="strength">C: the larger, the weaker the penalty.</param>
    /// <param name="start">Where to begin, such as the fit at the neighbouring strength; null for zero.</param>
    /// <param name="gram">Of these rows or of a set they were taken from: it guides the search and does not change the minimum; null for its
    /// own.</param>
    internal static LogisticFit Fit(
        RowMatrix rows, int[] classes, int classCount, double strength, LogisticFit? start = null, GramMatrix? gram = null) =>
        new LogisticRegression(rows, classes, classCount, strength, gram ?? GramMatrix.Of(rows)).Solve(start);

    private LogisticFit Solve(LogisticFit? start)
    {
        var point = new double[outputs * width];
        if (start is not null)
            for (int k = 0; k < outputs; k++)
            {
                start.Weights.AsSpan(k * start.Width, start.Width).CopyTo(point.AsSpan(k * width));
                point[k * width + width - 1] = start.Biases[k];
            }
        var logits = Apply(point);
        double objective = Objective(point, logits);
        var gradient = new double[point.Length];
        double? reference = null;
        int step = 0;
        for (; step < MostNewtonSteps; step++)
        {
            SetProbabilities(logits);
            Gradient(point, gradient);
            double norm = Math.Sqrt(RowMatrix.Dot(gradient, gradient));
            reference ??= ReferenceNorm();
            if (norm <= RelativeTolerance * reference) break;
            var direction = Direction(gradient, norm, Math.Min(0.25, Math.Sqrt(norm / reference.Value)));
            double slope = RowMatrix.Dot(gradient, direction);
            var change = Apply(direction);
            bool moved = false;
            for (double length = 1; length > 1e-10 && !moved; length /= 2)
            {
                var trial = Along(point, direction, length);
                var trialLogits = Along(logits, change, length);
                double value = Objective(trial, trialLogits);
                if (!(value <= objective + 1e-4 * length * slope)) continue;
                (point, logits, moved) = (trial, trialLogits, true);
                objective = value;
            }
            if (!moved) break; // rounding leaves nothing to gain
        }
        var weights = new double[outputs * (width - 1)];
        var biases = new double[outputs];
        for (int k = 0; k < outputs; k++)
        {
            point.AsSpan(k * width, width - 1).CopyTo(weights.AsSpan(k * (width - 1)));
            biases[k] = point[k * width + width - 1];
        }
        return new(outputs, width - 1, weights, biases, objective, step);
    }

    /// <summary>The size a gradient has far from the minimum: that at zero.</summary>
    private double ReferenceNorm()
    {
        var kept = (double[])probabilities.Clone();
        var zero = new double[outputs * width];
        var gradient = new double[zero.Length];
        SetProbabilities(new double[rows.Count * outputs]);
        Gradient(zero, gradient);
        kept.CopyTo(probabilities, 0);
        return Math.Max(Math.Sqrt(RowMatrix.Dot(gradient, gradient)), 1e-6);
    }

    /// <summary>Solves H direction = -gradient by preconditioned conjugate gradients to a relative residual.</summary>
    private double[] Direction(double[] gradient, double norm, double tolerance)
    {
        var spread = Spread();
        if (model is null || !model.Fits(spread)) model = new(gram, rows.Count, penalty, spread);
        var solution = new double[gradient.Length];
        var residual = Array.ConvertAll(gradient, g => -g);
        var scaled = model.Solve(residual);
        var search = (double[])scaled.Clone();
        double product = RowMatrix.Dot(residual, scaled);
        for (int i = 0; i < 2 * gradient.Length && Math.Sqrt(RowMatrix.Dot(residual, residual)) > tolerance * norm; i++)
        {
            var curved = HessianTimes(search);
            double curvature = RowMatrix.Dot(search, curved);
            if (curvature <= 0) break; // a direction in which J is flat: multinomial biases moved together
            double length = product / curvature;
            RowMatrix.Add(solution, length, search);
            RowMatrix.Add(residual, -length, curved);
            scaled = model.Solve(residual);
            double next = RowMatrix.Dot(residual, scaled);
            for (int j = 0; j < search.Length; j++) search[j] = scaled[j] + next / product * search[j];
            product = next;
        }
        return solution;
    }

    /// <summary>The mean of p (1 - p) of each output: how strongly an example bends J.</summary>
    private double[] Spread()
    {
        var spread = new double[outputs];
        for (int i = 0; i < probabilities.Length; i++) spread[i % outputs] += probabilities[i] * (1 - probabilities[i]) / rows.Count;
        return spread;
    }

    /// <summary>The Hessian at the present probabilities times a vector.</summary>
    private double[] HessianTimes(double[] vector)
    {
        var change = Apply(vector); // of the logits, [n, K]
        for (int i = 0; i < rows.Count; i++)
        {
            var p = probabilities.AsSpan(i * outputs, outputs);
            var u = change.AsSpan(i * outputs, outputs);
            if (outputs == 1) u[0] *= p[0] * (1 - p[0]);
            else
            {
                double mean = RowMatrix.Dot(p, u);
                for (int k = 0; k < outputs; k++) u[k] = p[k] * (u[k] - mean);
            }
        }
        var result = new double[vector.Length];
        ApplyTransposed(change, result);
        AddPenalty(vector, result);
        return result;
    }

    private void Gradient(double[] point, double[] gradient)
    {
        var errors = (double[])probabilities.Clone();
        for (int i = 0; i < rows.Count; i++)
        {
            if (outputs == 1) errors[i] -= classes[i];
            else errors[i * outputs + classes[i]] -= 1;
        }
        Array.Clear(gradient);
        ApplyTransposed(errors, gradient);
        AddPenalty(point, gradient);
    }

    private void AddPenalty(double[] point, double[] gradient)
    {
        for (int k = 0; k < outputs; k++)
            RowMatrix.Add(gradient.AsSpan(k * width, width - 1), penalty, point.AsSpan(k * width, width - 1));
    }

    /// <summary>[K, d + 1] to logits [n, K].</summary>
    private double[] Apply(double[] point)
    {
        var logits = new double[rows.Count * outputs];
        for (int i = 0; i < rows.Count; i++)
            for (int k = 0; k < outputs; k++)
                logits[i * outputs + k] = RowMatrix.Dot(rows[i], point.AsSpan(k * width, width - 1)) + point[k * width + width - 1];
        return logits;
    }

    /// <summary>result += the rows' sums weighted by [n, K].</summary>
    private void ApplyTransposed(double[] weights, double[] result)
    {
        for (int i = 0; i < rows.Count; i++)
            for (int k = 0; k < outputs; k++)
            {
                double weight = weights[i * outputs + k];
                RowMatrix.Add(result.AsSpan(k * width, width - 1), weight, rows[i]);
                result[k * width + width - 1] += weight;
            }
    }

    private double Objective(double[] point, double[] logits)
    {
        double squares = 0;
        for (int k = 0; k < outputs; k++)
        {
            var weights = point.AsSpan(k * width, width - 1);
            squares += RowMatrix.Dot(weights, weights);
        }
        return LogLoss(logits, classes, outputs) + penalty * squares / 2;
    }

    /// <summary>The summed negative log-likelihood of classes under logits [n, K].</summary>
    internal static double LogLoss(ReadOnlySpan<double> logits, ReadOnlySpan<int> classes, int outputs)
    {
        double sum = 0;
        for (int i = 0; i < classes.Length; i++)
        {
            var z = logits.Slice(i * outputs, outputs);
            if (outputs == 1)
            {
                double margin = classes[i] == 1 ? z[0] : -z[0];
                sum += margin > 0 ? Math.Log(1 + Math.Exp(-margin)) : Math.Log(1 + Math.Exp(margin)) - margin;
            }
            else
            {
                double largest = double.NegativeInfinity, total = 0;
                foreach (double v in z) largest = Math.Max(largest, v);
                foreach (double v in z) total += Math.Exp(v - largest);
                sum += Math.Log(total) + largest - z[classes[i]];
            }
        }
        return sum;
    }

    private void SetProbabilities(double[] logits) => Probabilities(logits, outputs, probabilities);

    /// <summary>Logistic function (K = 1) or softmax of logits [n, K].</summary>
    internal static void Probabilities(ReadOnlySpan<double> logits, int outputs, Span<double> probabilities)
    {
        if (outputs == 1)
        {
            for (int i = 0; i < logits.Length; i++) probabilities[i] = 1 / (1 + Math.Exp(-logits[i]));
            return;
        }
        for (int start = 0; start < logits.Length; start += outputs)
        {
            var z = logits.Slice(start, outputs);
            var p = probabilities.Slice(start, outputs);
            double largest = double.NegativeInfinity, total = 0;
            foreach (double v in z) largest = Math.Max(largest, v);
            for (int k = 0; k < outputs; k++) total += p[k] = Math.Exp(z[k] - largest);
            for (int k = 0; k < outputs; k++) p[k] /= total;
        }
    }

    private static double[] Along(double[] from, double[] direction, double length)
    {
        var to = (double[])from.Clone();
        RowMatrix.Add(to, length, direction);
        return to;
    }
}
