namespace RadTex;

/// <summary>
/// How far a long job is: <paramref name="Done"/> of <paramref name="Total"/> <paramref name="Unit"/>s of <paramref name="Stage"/>.
/// </summary>
/// <param name="Stage">What is being done, such as "preparing".</param>
/// <param name="Done">Items done so far.</param>
/// <param name="Total">Items to do; 0 where it is not known yet.</param>
/// <param name="Unit">What is counted, in the plural, such as "radiographs".</param>
/// <param name="Detail">A short live addition, such as "loss 3.21"; null for none.</param>
public readonly record struct ProgressReport(string Stage, long Done, long Total, string Unit, string? Detail = null);
