using System.Net;
using System.Runtime.ExceptionServices;
using Podsharp.Registry.Certificates;
using Podsharp.Registry.Tokens;

namespace Podsharp.Registry.Transport;

/// <summary>A registry's host as we know it: its connections, its scheme, what it wants of callers, and the tokens it gave.</summary>
internal sealed class RegistryHost : IDisposable
{
    private readonly SemaphoreSlim _lookOnce = new(1, 1);
    private readonly HttpMessageInvoker _http;
    private readonly RegistryOptions _options;
    private readonly bool _insecure;
    private volatile Uri? _root;
    private volatile bool _wantsCertificate;

    public RegistryHost(string name, bool insecure, string certificateStamp, RegistryOptions options)
    {
        (Name, _insecure, CertificateStamp, _options) = (name, insecure, certificateStamp, options);
        _http = new HttpMessageInvoker(HandlerFor(RegistryAddress.Of(name, Uri.UriSchemeHttps).IdnHost));
    }

    /// <summary>As names have it, with its port.</summary>
    public string Name { get; }

    public string CertificateStamp { get; }

    public bool Insecure => _insecure;

    public TokenCache Tokens { get; } = new();

    /// <summary>What it asked for when it last refused a request without credentials; null when it never did.</summary>
    public Challenge? Challenge { get; set; }

    /// <summary>The root of its API. Of an insecure registry it is found out which of TLS and plain HTTP it speaks.</summary>
    public async ValueTask<Uri> RootAsync(CancellationToken cancellationToken)
    {
        if (_root is { } known) return known;
        if (!_insecure) return _root = RegistryAddress.Of(Name, Uri.UriSchemeHttps);
        await _lookOnce.WaitAsync(cancellationToken);
        try
        {
            return _root ??= await FindRootAsync(cancellationToken);
        }
        finally
        {
            _lookOnce.Release();
        }
    }

    /// <summary>Sends and follows redirects; credentials stay with the host they are for. The answer's body is not read yet.</summary>
    public async Task<HttpResponseMessage> SendAsync(RegistryCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await Redirects.FollowAsync(call, _insecure, SendOneAsync, cancellationToken);
        }
        catch (HttpRequestException) when (_insecure)
        {
            // It may come back speaking the other scheme.
            _root = null;
            throw;
        }
    }

    public void Dispose()
    {
        _http.Dispose();
        _lookOnce.Dispose();
    }

    private async Task<HttpResponseMessage> SendOneAsync(RegistryCall call, CancellationToken cancellationToken)
    {
        using var request = await call.BuildAsync(cancellationToken);
        request.Headers.TryAddWithoutValidation("User-Agent", _options.UserAgent);
        try
        {
            return await SendPatientlyAsync(request, call, cancellationToken);
        }
        catch (HttpRequestException lost) when (_wantsCertificate)
        {
            throw new CertificateWantedException(lost);
        }
    }

    private async Task<HttpResponseMessage> SendPatientlyAsync(HttpRequestMessage request, RegistryCall call, CancellationToken cancellationToken)
    {
        if (call.Body is not null) return await _http.SendAsync(request, cancellationToken);
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(_options.Patience.Answer);
        try
        {
            return await _http.SendAsync(request, patience.Token);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.ConnectionError, $"no answer from {call.Address.Authority} within {_options.Patience.Answer.TotalSeconds:0} s");
        }
    }

    private async Task<Uri> FindRootAsync(CancellationToken cancellationToken)
    {
        var secure = RegistryAddress.Of(Name, Uri.UriSchemeHttps);
        try
        {
            return await AnswersAsync(secure, cancellationToken) ?? secure;
        }
        catch (HttpRequestException overTls)
        {
            // "You sent plain HTTP to a TLS server": then it was TLS that went wrong.
            var plain = await AnswersAsync(RegistryAddress.Of(Name, Uri.UriSchemeHttp), cancellationToken);
            if (plain is null) ExceptionDispatchInfo.Throw(overTls);
            return plain;
        }
    }

    private async Task<Uri?> AnswersAsync(Uri root, CancellationToken cancellationToken)
    {
        using var answer = await SendOneAsync(new RegistryCall(HttpMethod.Get, new Uri(root, "v2/")), cancellationToken);
        return answer.StatusCode == HttpStatusCode.BadRequest && root.Scheme == Uri.UriSchemeHttp ? null : root;
    }

    private SocketsHttpHandler HandlerFor(string host) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        ActivityHeadersPropagator = null,
        ConnectTimeout = _options.Patience.Connect,
        PooledConnectionLifetime = TimeSpan.FromMinutes(5),
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(30),
        EnableMultipleHttp2Connections = true,
        Proxy = new ConfiguredProxy(_options.Proxy),
        SslOptions = TlsOptions.For(host, HostCertificates.Read(_options.Places.CertificateDirectories, Name), _insecure, () => _wantsCertificate = true),
    };
}
