namespace Podsharp.Registry.Tokens;

/// <summary>One challenge of a WWW-Authenticate header (RFC 9110, 11.6.1).</summary>
/// <param name="Scheme">Lower case.</param>
/// <param name="Parameters">By lower-case name.</param>
internal sealed record Challenge(string Scheme, IReadOnlyDictionary<string, string> Parameters)
{
    public bool IsBearer => Scheme == "bearer" && Parameter("realm").Length > 0;

    public bool IsBasic => Scheme == "basic";

    public string Parameter(string name) => Parameters.TryGetValue(name, out var value) ? value : "";

    /// <summary>The one to answer: a token where one can be had, else name and password; null when there is neither.</summary>
    public static Challenge? Choose(HttpResponseMessage answer)
    {
        var offered = All(answer);
        return offered.FirstOrDefault(challenge => challenge.IsBearer) ?? offered.FirstOrDefault(challenge => challenge.IsBasic);
    }

    public static IReadOnlyList<Challenge> All(HttpResponseMessage answer) =>
        answer.Headers.NonValidated.TryGetValues("WWW-Authenticate", out var values) ? [.. values.SelectMany(ChallengeReader.Read)] : [];
}
