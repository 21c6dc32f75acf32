namespace Podsharp.Registry.Transport;

/// <summary>The customary variables; of each, upper case wins.</summary>
public sealed record ProxyVariables(string HttpProxy, string HttpsProxy, string NoProxy)
{
    public static ProxyVariables None { get; } = new("", "", "");

    /// <param name="environment">Gives a variable or null.</param>
    public static ProxyVariables From(Func<string, string?> environment)
    {
        return new ProxyVariables(Either("HTTP_PROXY"), Either("HTTPS_PROXY"), Either("NO_PROXY"));

        string Either(string name) =>
            environment(name) is { Length: > 0 } upper ? upper : environment(name.ToLowerInvariant()) ?? "";
    }

    // Proxy addresses may hold a password.
    public override string ToString() => nameof(ProxyVariables);
}
