using RadTex.Data;
using RadTex.Experiments.Sweeps;
using RadTex.Gating;
using RadTex.Heads;
using RadTex.Imaging;
using RadTex.Imaging.Transforms;
using RadTex.Learning.Pretraining;
using RadTex.Metrics;
using RadTex.Metrics.Intervals;
using RadTex.Phantoms;
using RadTex.Studies;

namespace RadTex.Experiments.Reproduction;

/// <summary>The figures of a reproduction: means, intervals, comparisons, and a verdict on each claim.</summary>
/// <param name="Protocols">Of each protocol.</param>
/// <param name="Verdicts">On the claims, losses first, each with its own family of comparisons.</param>
public sealed record ReproductionFigures(IReadOnlyList<ProtocolFigures> Protocols, IReadOnlyList<ClaimVerdict> Verdicts)
{
    internal static ReproductionFigures Of(
        ReproductionConfiguration configuration, IReadOnlyList<SweepResult> sweeps, ReproductionParts parts,
        IReadOnlyDictionary<string, PretrainingResult> pretrainings,
        IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        var bootstrap = new SweepBootstrap(configuration.Statistics.Resamples, (int)(configuration.Seed & int.MaxValue));
        var protocols = sweeps.Select(s => new Maker(configuration, s, bootstrap, pretrainings, progress, cancellation).Make()).ToList();
        return new(protocols, ClaimVerdicts.Of(configuration, sweeps, protocols, bootstrap, cancellation));
    }

    private sealed class Maker(
        ReproductionConfiguration configuration, SweepResult sweep, SweepBootstrap bootstrap,
        IReadOnlyDictionary<string, PretrainingResult> pretrainings,
        IProgress<ProgressReport>? progress, CancellationToken cancellation)
    {
        private readonly StatisticsSettings settings = configuration.Statistics;
        private readonly ClaimEvaluation evaluation = new(configuration, sweep, bootstrap, cancellation);

        private InitialisationSettings Row(string name) => InitialisationSettings.Named(configuration.Initialisations, name);

        private SweepInitialisation? Leader => sweep.Initialisations.FirstOrDefault(i => Row(i.Name).Role == RowRole.RadTex && i.Missing is null);

        internal ProtocolFigures Make()
        {
            var cells = sweep.Runs.GroupBy(r => (r.Initialisation, r.Head, r.Batch, r.Control, r.Examples)).Select(g => g.ToArray()).ToList();
            int done = 0, total = cells.Count;
            var figures = cells.Select(c =>
            {
                progress?.Report(new("statistics", ++done, total, "cells", sweep.Protocol.Name));
                return Cell(c);
            }).ToList();
            var singles = Singles();
            var corrected = MultipleComparisons.Holm([.. singles.Select(s => (double?)s.Comparison.PValue)]);
            return new(sweep.Protocol.Name, sweep.Protocol.IsGraded, figures, Comparisons(),
                [.. singles.Select((s, i) => s with { HolmPValue = corrected[i] })], Calibrations(), SubgroupsOf(), Forecasts(),
                Parts())
            { WithinViews = WithinViews(), ViewsNote = evaluation.ViewsNote, Pretrainings = Pretrainings() };
        }

        private CellFigure Cell(SweepRun[] runs)
        {
            var first = runs[0];
            bool control = first.Control == NegativeControls.ViewAsLabel;
            (ScoreSummary, string?) Of(Func<TransferScores, double?> figure) => control
                ? (ScoreSummary.Of([.. runs.Select(r => figure(r.Scores))]), first.Reason) : sweep.Mean(runs, figure);
            var (auc, reason) = control ? Of(s => s.Auc) : sweep.Auc(runs);
            var within = control ? Of(s => s.AucWithinViews).Item1 : sweep.WithinViews(runs).Summary;
            return new(
                first.Initialisation, first.Head, first.Batch, first.Control, first.Examples, runs.Min(r => r.Count),
                runs.Count(r => (r.Count > 0 || r.Examples == 0) && r.Task == first.Task), runs.Sum(r => r.Redraws), auc, within,
                Of(s => s.AveragePrecision).Item1,
                Of(s => s.F1).Item1,
                Of(s => s.OneVsRestAuc).Item1, reason, first.IsMain && first.Control.Length == 0);
        }

        /// <summary>
        /// The first RadTex row against every other, the paper's way each, and with our head where both have it: described with their intervals.
        /// Which of these a
        /// claim rests on, and is tested, its verdict tells.
        /// </summary>
        private List<ComparisonFigure> Comparisons()
        {
            var all = new List<ComparisonFigure>();
            if (Leader is not { } leader) return all;
            foreach (var other in sweep.Initialisations.Where(i => i.Name != leader.Name && Row(i.Name).Role != RowRole.Part))
            {
                var pairs = new List<(string, string)> { (sweep.PaperWay(leader.Name), sweep.PaperWay(other.Name)) };
                if (!leader.FineTunes) pairs.Add((HeadKind.Logistic.Name(), other.FineTunes ? HeadKind.FineTuned.Name() : HeadKind.Logistic.Name()));
                if (sweep.Cell(leader.Name, SweepInitialisation.ZeroShot, 0).Count > 0)
                    pairs.Add((SweepInitialisation.ZeroShot, SweepInitialisation.ZeroShot));
                foreach (var (own, theirs) in pairs)
                    foreach (int? n in sweep.Sizes.Where(n => sweep.Cell(other.Name, theirs, n).Count > 0))
                    {
                        var figure = evaluation.ViewsDiffer ? ComparedFigure.AucWithinViews : ComparedFigure.Auc;
                        var (comparison, reason) = evaluation.Compare(new(leader.Name, own, n), new(other.Name, theirs, n), figure);
                        var pooled = evaluation.ViewsDiffer ? evaluation.Compare(new(leader.Name, own, n), new(other.Name, theirs, n),
                            ComparedFigure.Auc).Comparison : null;
                        all.Add(new($"{leader.Name} ({own})", $"{other.Name} ({theirs})", n, comparison, reason, figure, pooled));
                    }
            }
            return all;
        }

        private List<PretrainingFigure> Pretrainings() =>
        [
            .. from row in sweep.Initialisations
               let stated = Row(row.Name).Pretraining is { } name ? configuration.Pretrainings[name].StepSeconds : null
               where stated is not null && row.Encoders.All(pretrainings.ContainsKey)
               let updates = row.Encoders.Average(e => pretrainings[e].Steps)
               select new PretrainingFigure(row.Name, updates, row.Encoders.Average(e => pretrainings[e].ElapsedSeconds), updates * stated.Value),
        ];

        private List<WithinViewsFigure> WithinViews() => !evaluation.ViewsDiffer ? [] :
        [
            .. sweep.Runs.Where(r => r.IsMain && r.Control.Length == 0 && r.Probabilities is not null).Select(r =>
                new TableCell(r.Initialisation, r.Head, r.Examples)).Distinct()
                .Select(c => new WithinViewsFigure(c, evaluation.Mean(c, ComparedFigure.AucWithinViews))),
        ];

        /// <summary>Single pairs, label by label.</summary>
        private List<SingleComparison> Singles()
        {
            var all = new List<SingleComparison>();
            if (Leader is not { } leader) return all;
            var own = sweep.PaperWay(leader.Name);
            foreach (var other in sweep.Initialisations.Where(i => i.Name != leader.Name && i.Missing is null && Row(i.Name).Role != RowRole.Part))
                foreach (int? n in sweep.Sizes)
                    foreach (var first in sweep.Cell(leader.Name, own, n).Where(r => r is { Trial: 0, Probabilities: not null, Test.ClassCount: 2 }))
                        if (
                            sweep.Cell(other.Name, sweep.PaperWay(other.Name), n)
                                .FirstOrDefault(r => r.Trial == 0 && r.Task == first.Task && r.Probabilities is not null) is { } second
                            && first.Test!.Radiographs.Select(r => r.Index).SequenceEqual(second.Test!.Radiographs.Select(r => r.Index))
                            && DeLong.Compare(
                                first.Probabilities, second.Probabilities, [.. first.Test.Classes.Select(c => c == 1)]) is { } comparison)
                            all.Add(new($"{leader.Name} ({own})", $"{other.Name} ({sweep.PaperWay(other.Name)})", first.Task, n, comparison, null));
            return all;
        }

        /// <summary>
        /// The first trial's classifiers of the leader, with our head where there is one, at 100 labels (else the size next to it) and at all.
        /// </summary>
        private IEnumerable<SweepRun> Shown()
        {
            if (Leader is not { } leader) yield break;
            var head = leader.FineTunes ? HeadKind.FineTuned.Name() : HeadKind.Logistic.Name();
            int?[] sizes = [sweep.Sizes.OfType<int>().OrderBy(n => Math.Abs(n - 100)).Cast<int?>().FirstOrDefault(), sweep.Sizes[^1]];
            foreach (
                var run in sizes.Distinct().SelectMany(n => sweep.Cell(leader.Name, head, n))
                    .Where(r => r is { Trial: 0, Probabilities: not null, Test.ClassCount: 2 })) yield return run;
        }

        private List<CalibrationFigure> Calibrations()
        {
            var all = new List<CalibrationFigure>();
            foreach (var run in Shown())
            {
                var test = run.Test!;
                bool[] labels = [.. test.Classes.Select(c => c == 1)];
                double[] logits =
                    [.. run.Probabilities!.Select(p => Math.Log(Math.Clamp(p, 1e-12, 1 - 1e-12) / (1 - Math.Clamp(p, 1e-12, 1 - 1e-12))))];
                bool Fits(int i) => Studies.PatientSplits.UnitHash("calibration", test.Radiographs[i].PatientId) < 0.5;
                int[] fit = [.. Enumerable.Range(0, labels.Length).Where(Fits)],
                    stated = [.. Enumerable.Range(0, labels.Length).Where(i => !Fits(i))];
                if (fit.Length == 0 || stated.Length == 0) continue;
                double[] fitLogits = [.. fit.Select(i => logits[i])], statedLogits = [.. stated.Select(i => logits[i])];
                bool[] fitLabels = [.. fit.Select(i => labels[i])], statedLabels = [.. stated.Select(i => labels[i])];
                double[] plain = [.. stated.Select(i => run.Probabilities![i])];
                double? Error(Func<double, double>? apply) =>
                    apply is null ? null : Metrics.Calibration.ExpectedError([.. statedLogits.Select(apply)], statedLabels);
                TemperatureScaling? temperature = TemperatureScaling.Fit(fitLogits, fitLabels);
                PlattScaling? platt = PlattScaling.Fit(fitLogits, fitLabels);
                var (point, refusal) = OperatingPoint.ForSensitivity(settings.Sensitivity, fitLogits, fitLabels);
                all.Add(new(
                    run.Task, run.Examples, Metrics.Calibration.ExpectedError(plain, statedLabels), Error(temperature is { } t ? t.Apply : null),
                    Error(platt is { } p ? p.Apply : null),
                    Metrics.Calibration.Brier(plain, statedLabels),
                    point is null ? null : OperatingPoint.At(point.Threshold, statedLogits, statedLabels), refusal,
                    Metrics.Calibration.Reliability(plain, statedLabels, 10)));
            }
            return all;
        }

        private List<SubgroupFigure> SubgroupsOf()
        {
            var groups = settings.Groups is { } path ? PatientGroups.Read(path) : null;
            List<(string, Func<PreparedRadiograph, string?>)> kinds = [("view", r => r.View.Length > 0 ? r.View : null)];
            if (groups is not null) kinds.AddRange([("sex", groups.Sex), ("age", groups.Age)]);
            var all = new List<SubgroupFigure>();
            foreach (var run in Shown())
            {
                var test = run.Test!;
                var numbers = test.Radiographs.Select(r => r.PatientId).Distinct().Select((id, i) => (id, i)).ToDictionary();
                foreach (var (kind, of) in kinds)
                {
                    cancellation.ThrowIfCancellationRequested();
                    var rows = Metrics.Subgroups.Auc(
                        [.. test.Radiographs.Select(of)], run.Probabilities!, [.. test.Classes.Select(c => c == 1)],
                        [.. test.Radiographs.Select(r => numbers[r.PatientId])],
                        (int)(configuration.Seed & int.MaxValue), resamples: settings.Resamples);
                    all.AddRange(
                        rows.Where(r => kind == "view" || r.Group != Metrics.Subgroups.All)
                            .Select(r => new SubgroupFigure(run.Task, run.Examples, kind, r, null)));
                }
            }
            var corrected = MultipleComparisons.Holm([.. all.Select(s => s.Row.Difference?.PValue)]);
            return [.. all.Select((s, i) => s with { HolmPValue = corrected[i] })];
        }

        private List<LabelForecast> Forecasts()
        {
            var all = new List<LabelForecast>();
            foreach (var initialisation in sweep.Initialisations.Where(i => Row(i.Name).Role is not (RowRole.Part or RowRole.View)))
                foreach (var head in initialisation.FineTunes ? [HeadKind.FineTuned.Name()] : initialisation.Heads.Select(h => h.Name()))
                {
                    var curve = sweep.Sizes.Select(n => sweep.Cell(initialisation.Name, head, n)).Where(c => c.Count > 0)
                        .Select(c => (Examples: (int)c.Average(r => r.Count), Trials: sweep.Auc(c).Summary)).Where(c => c.Trials.Mean is not null)
                        .Select(c => (c.Examples, c.Trials.Trials.Select(t => t!.Value).ToArray())).OrderBy(c => c.Examples).ToList();
                    if (curve.Count == 0) continue;
                    int most = curve[^1].Examples;
                    if (
                        LabelForecast.Of(
                            initialisation.Name, head, curve, settings.Forecast ?? [2 * most, 10 * most],
                            (int)(configuration.Seed & int.MaxValue)) is { } forecast) all.Add(forecast);
                }
            return all;
        }

        private List<PartFigure> Parts()
        {
            var all = new List<PartFigure>();
            var rows = sweep.Initialisations
                .Where(i => i is { Part: not null, FineTunes: false, Missing: null } && i.Encoders.All(pretrainings.ContainsKey)).ToList();
            if (sweep.Protocol.IsGraded || rows.FirstOrDefault(r => r.Part == 1) is not { } whole) return all;
            string SeriesOf(SweepInitialisation row) => ClaimRow.SeriesOf(configuration.Pretrainings[Row(row.Name).Pretraining!]);
            foreach (var row in rows.OrderBy(SeriesOf, StringComparer.Ordinal).ThenBy(r => r.Part))
                foreach (var head in row.Heads.Select(h => h.Name()))
                    foreach (int n in settings.Figure3.Where(n => sweep.Sizes.Contains(n)))
                    {
                        var cell = sweep.Cell(row.Name, head, n);
                        var drop = row == whole ? null : evaluation.Compare(
                            new(row.Name, head, n), new(whole.Name, head, n), evaluation.ViewsDiffer ? ComparedFigure.AucWithinViews
                                : ComparedFigure.Auc).Comparison;
                        all.Add(new(
                            row.Name, head, row.Part!.Value, Math.Round(row.Encoders.Average(e => pretrainings[e].TrainingRadiographs)),
                            row.Encoders.Average(e => pretrainings[e].Steps), n,
                            sweep.Auc(cell).Summary, drop, SeriesOf(row)));
                    }
            return all;
        }
    }
}
