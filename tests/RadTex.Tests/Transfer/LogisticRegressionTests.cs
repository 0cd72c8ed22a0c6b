using System.Text.Json;
using RadTex.Transfer;

namespace RadTex.Tests.Transfer;

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

    private static void Agree(double[] found, double[] expected, double tolerance, string name)
    {
        found.Length.ShouldBe(expected.Length, name);
        for (int i = 0; i < found.Length; i++) found[i].ShouldBe(expected[i], tolerance, $"{name} [{i}]");
    }
}
