#:package RadTex@0.2.0
#:property PublishAot=false
// An AUC with its interval over patients, or why there is none: dotnet run auc.cs SCORES.csv (columns patient, score, label)
using RadTex.Metrics.Intervals;

var rows = File.ReadLines(args[0]).Skip(1).Select(line => line.Split(',')).ToList();
var patients = rows.Select(r => r[0]).Distinct().Select((name, i) => (name, i)).ToDictionary(p => p.name, p => p.i);
double[] scores = [.. rows.Select(r => double.Parse(r[1]))];
bool[] labels = [.. rows.Select(r => r[2] == "1")];
var (interval, reason) = ClusteredAuc.Of(scores, labels, rows.Select(r => patients[r[0]]).ToArray());
Console.WriteLine(interval is { } auc ? $"AUC {auc.Estimate:0.000} [{auc.Lower:0.000}, {auc.Upper:0.000}]" : $"n/a: {reason}");
