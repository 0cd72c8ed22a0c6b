using System.Text.Json;
using RadTex.Heads;

namespace RadTex.Tests.Heads;

public sealed class LogisticRegressionTests
{
    [Fact]
    public void Fits_agree_with_scikit_learn()
    {
        using var golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Golden", "logistic.json")));
        foreach (var item in golden.RootElement.GetProperty("cases").EnumerateArray())
        {
            var name = item.GetProperty("name").GetString();
            int n = item.GetProperty("n").GetInt32(), d = item.GetProperty("d").GetInt32(), classCount = item.GetProperty("class_count").GetInt32();
            double[] Numbers(string key) => [.. item.GetProperty(key).EnumerateArray().Select(v => v.GetDouble())];
            int[] classes = [.. Numbers("classes").Select(c => (int)c)];
            var features = MadeFeatures.Of(n, d, (i, j) => (float)(Math.Sin(3 * i + 7 * j + i * j) + 0.3 * Math.Sin(i) * (j % 3)));
            int[] all = [.. Enumerable.Range(0, n)];
            var rows = Standardisation.Of(features, all).Apply(features, all);

            var fit = LogisticRegression.Fit(rows, classes, classCount, item.GetProperty("strength").GetDouble());
            var probabilities = new double[n * fit.Outputs];
            LogisticRegression.Probabilities(fit.Logits(rows), fit.Outputs, probabilities);

            fit.Objective.ShouldBe(item.GetProperty("objective").GetDouble(), 1e-7, name);
            Agree(probabilities, Numbers("probabilities"), 1e-5, name!);
            Agree(fit.Weights, Numbers("weights"), 1e-4, name!);
            double mean = classCount > 2 ? fit.Biases.Average() : 0;
            Agree([.. fit.Biases.Select(b => b - mean)], Numbers("biases"), 1e-4, name!);
        }
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    public void Rows_in_their_own_basis_give_the_same_fit(int classCount)
    {
        var features = MadeFeatures.Of(9, 40, (i, j) => (float)Math.Sin(1 + i * 5 + j * j + i * j));
        int[] all = [.. Enumerable.Range(0, 9)], classes = [.. all.Select(i => i * i % 7 % classCount)];
        var rows = Standardisation.Of(features, all).Apply(features, all);
        var (reduced, basis) = rows.InOwnBasis();

        var whole = LogisticRegression.Fit(rows, classes, classCount, 0.2);
        var small = LogisticRegression.Fit(reduced, classes, classCount, 0.2);

        reduced.Width.ShouldBe(8); // nine centred rows span eight dimensions
        for (int a = 0; a < basis.Count; a++)
            for (int b = 0; b < basis.Count; b++) RowMatrix.Dot(basis[a], basis[b]).ShouldBe(a == b ? 1 : 0, 1e-12);
        small.Objective.ShouldBe(whole.Objective, 1e-9);
        Agree(small.Logits(reduced), whole.Logits(rows), 1e-6, "logits");
    }

    [Fact]
    public void Gradient_vanishes_at_the_fit()
    {
        var features = MadeFeatures.Of(25, 6, (i, j) => (float)Math.Cos(i * (j + 1) + 0.3 * i * i));
        int[] all = [.. Enumerable.Range(0, 25)], classes = [.. all.Select(i => i % 3 == 0 ? 1 : 0)];
        var rows = Standardisation.Of(features, all).Apply(features, all);
        const double Strength = 0.7;

        var fit = LogisticRegression.Fit(rows, classes, 2, Strength);

        var logits = fit.Logits(rows);
        double biasGradient = 0;
        var gradient = fit.Weights.Select(w => w / Strength).ToArray();
        for (int i = 0; i < 25; i++)
        {
            double error = 1 / (1 + Math.Exp(-logits[i])) - classes[i];
            biasGradient += error;
            for (int j = 0; j < 6; j++) gradient[j] += error * rows[i][j];
        }
        biasGradient.ShouldBe(0, 1e-6);
        gradient.ShouldAllBe(g => Math.Abs(g) < 1e-6);
    }

    [Fact]
    public void Fit_from_a_neighbour_ends_where_a_fresh_one_does()
    {
        var features = MadeFeatures.Of(30, 50, (i, j) => (float)Math.Sin(i * 1.7 + j * 0.9 + i * j * 0.11));
        int[] all = [.. Enumerable.Range(0, 30)], classes = [.. all.Select(i => i / 3 % 2)];
        var rows = Standardisation.Of(features, all).Apply(features, all);

        var strong = LogisticRegression.Fit(rows, classes, 2, 1e-3);
        var warm = LogisticRegression.Fit(rows, classes, 2, 1, strong);

        warm.Objective.ShouldBe(LogisticRegression.Fit(rows, classes, 2, 1).Objective, 1e-8);
    }

    [Fact]
    public void Model_of_the_curvature_is_the_inverse_of_its_blocks()
    {
        var features = MadeFeatures.Of(12, 5, (i, j) => (float)Math.Sin(1 + i * 3 + j * j));
        int[] all = [.. Enumerable.Range(0, 12)];
        var rows = Standardisation.Of(features, all).Apply(features, all);
        double[] spread = [0.2, 0.05], vector = [.. Enumerable.Range(0, 12).Select(i => Math.Cos(i))];
        const double Penalty = 0.3;

        var solved = new CurvatureModel(GramMatrix.Of(rows), 6, Penalty, spread).Solve(vector); // a fit of half of the rows

        for (int k = 0; k < 2; k++)
        {
            for (int a = 0; a < 5; a++)
            {
                double product = Penalty * solved[k * 6 + a];
                for (int i = 0; i < 12; i++)
                    for (int b = 0; b < 5; b++) product += spread[k] * 6 / 12 * rows[i][a] * rows[i][b] * solved[k * 6 + b];
                product.ShouldBe(vector[k * 6 + a], 1e-10);
            }
            (solved[k * 6 + 5] * spread[k] * 6).ShouldBe(vector[k * 6 + 5], 1e-12);
        }
    }

    // Features as unequal as an encoder's: without the model of the curvature each of these fits took seconds.
    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Gradient_vanishes_where_features_are_nearly_dependent(int classCount)
    {
        const int Count = 400, Width = 60;
        var features = MadeFeatures.Of(
            Count, Width, (i, j) => (float)(Math.Sin(i * 0.37) + Math.Pow(0.8, j) * Math.Sin(i * (j + 1.3)) + 1e-4 * Math.Cos(i * i + j)));
        int[] all = [.. Enumerable.Range(0, Count)],
            classes = [.. all.Select(i => (int)(classCount * (0.5 + 0.499 * Math.Sin(i * 2.3 + Math.Sin(i * 0.9)))))];
        var rows = Standardisation.Of(features, all).Apply(features, all);
        const double Strength = 10;

        var fit = LogisticRegression.Fit(rows, classes, classCount, Strength);

        var probabilities = new double[Count * fit.Outputs];
        LogisticRegression.Probabilities(fit.Logits(rows), fit.Outputs, probabilities);
        for (int k = 0; k < fit.Outputs; k++)
        {
            var gradient = new double[Width];
            for (int i = 0; i < Count; i++)
                RowMatrix.Add(gradient, probabilities[i * fit.Outputs + k] - (classes[i] == (fit.Outputs == 1 ? 1 : k) ? 1 : 0), rows[i]);
            RowMatrix.Add(gradient, 1 / Strength, fit.Weights.AsSpan(k * Width, Width));
            gradient.ShouldAllBe(g => Math.Abs(g) < 1e-5);
        }
    }

    private static void Agree(double[] found, double[] expected, double tolerance, string name)
    {
        found.Length.ShouldBe(expected.Length, name);
        for (int i = 0; i < found.Length; i++) found[i].ShouldBe(expected[i], tolerance, $"{name} [{i}]");
    }
}
