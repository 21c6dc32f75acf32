using System.Net;
using Podsharp.Core.Errors;
using Podsharp.Registry.Configuration;

namespace Podsharp.Registry.Transport;

/// <summary>HTTP_PROXY, HTTPS_PROXY and NO_PROXY as the field's tools read them: by the scheme asked for, never for loopback.</summary>
internal sealed class ConfiguredProxy : IWebProxy
{
    private readonly Uri? _http;
    private readonly Uri? _https;
    private readonly NoProxyList _direct;

    public ConfiguredProxy(ProxyVariables variables)
    {
        _http = Parse("HTTP_PROXY", variables.HttpProxy);
        _https = Parse("HTTPS_PROXY", variables.HttpsProxy);
        _direct = new NoProxyList(variables.NoProxy);
        Credentials = new ProxyCredentials();
    }

    public ICredentials? Credentials { get; set; }

    public Uri? GetProxy(Uri destination) => IsBypassed(destination) ? null : For(destination);

    public bool IsBypassed(Uri host) => For(host) is null || Loopback.Is(host.Host) || _direct.Matches(host.Host, host.Port);

    private Uri? For(Uri address) => address.Scheme == Uri.UriSchemeHttps ? _https : _http;

    private static Uri? Parse(string name, string text)
    {
        if (text.Length == 0) return null;
        var address = text.Contains("://", StringComparison.Ordinal) ? text : "http://" + text;
        return Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" or "socks5" or "socks4" or "socks4a"
            ? uri
            : throw EngineException.InvalidInput($"{name} is no address of a proxy: want http://HOST:PORT");
    }

    // User and password stand in the proxy's own address.
    private sealed class ProxyCredentials : ICredentials
    {
        public NetworkCredential? GetCredential(Uri uri, string authType)
        {
            if (uri.UserInfo.Length == 0) return null;
            var colon = uri.UserInfo.IndexOf(':', StringComparison.Ordinal);
            var user = colon < 0 ? uri.UserInfo : uri.UserInfo[..colon];
            return new NetworkCredential(Uri.UnescapeDataString(user), colon < 0 ? "" : Uri.UnescapeDataString(uri.UserInfo[(colon + 1)..]));
        }
    }
}
