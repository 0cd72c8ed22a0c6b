namespace RadTex.Service.Doors;

/// <summary>How an instance came.</summary>
/// <param name="Door">The door's name.</param>
/// <param name="Who">A token's name, an application entity or an address; checked text.</param>
/// <param name="CalledAe">The application entity title it was sent to; empty where that is not known.</param>
/// <param name="Model">The model asked for by name; empty where the rules choose.</param>
/// <param name="Study">The study it must be of; empty for any.</param>
internal sealed record Arrival(string Door, string Who, string CalledAe = "", string Model = "", string Study = "");
