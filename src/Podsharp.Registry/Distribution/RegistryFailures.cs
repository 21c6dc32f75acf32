using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text.Json;
using Podsharp.Core.Errors;
using Podsharp.Registry.Certificates;
using Podsharp.Registry.Tokens;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Distribution;

/// <summary>Turns a registry's refusals and lost connections into failures: the kind from its code, else from the status; the cause in its own words.</summary>
internal static class RegistryFailures
{
    private const int ErrorLimit = 64 * 1024;

    /// <param name="what">What was being done: "reading manifest latest of localhost:5000/a".</param>
    public static async Task<EngineException> FromAsync(HttpResponseMessage answer, string what, CancellationToken cancellationToken)
    {
        var (code, words) = await WordsAsync(answer, cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Unauthorized && code is "" or "UNAUTHORIZED" && FromChallenge(answer) is { } told) (code, words) = told;
        return Failure(KindOf(code, answer.StatusCode), what, words, answer);
    }

    public static async Task<EngineException> FromTokenServerAsync(HttpResponseMessage answer, string registry, bool withCredentials, CancellationToken cancellationToken)
    {
        var (code, words) = await WordsAsync(answer, cancellationToken);
        var kind = answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest ? ErrorKind.Unauthorized : KindOf(code, answer.StatusCode);
        if (kind == ErrorKind.Unauthorized && code.Length == 0) words = withCredentials ? "unauthorized: incorrect username or password" : "unauthorized: authentication required";
        return Failure(kind, $"getting a token for {registry}", words, answer);
    }

    /// <summary>No answer at all.</summary>
    public static EngineException Unreachable(string who, Exception failure)
    {
        if (((failure as CertificateWantedException)?.Alert ?? TlsAlert.AboutOurCertificate(failure)) is { } alert) return Unwelcome(who, alert, failure);
        if (failure is HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } tls) return Insecure(who, tls);
        var reason = Innermost(failure) switch
        {
            SocketException { SocketErrorCode: SocketError.ConnectionRefused } => "connection refused",
            SocketException { SocketErrorCode: SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain } => "no such host",
            var inner => inner.Message,
        };
        return new EngineException(ErrorKind.Unavailable, $"registry {who} cannot be reached: {reason}", reason, failure);
    }

    public static EngineException Invalid(string message) => new(ErrorKind.InvalidData, message);

    private static EngineException Unwelcome(string who, string alert, Exception failure) => new(
        ErrorKind.InvalidData,
        $"registry {who} lets in only whose certificate it knows (remote error: tls: {alert}): put ours and its key into /etc/containers/certs.d/{who}/client.cert and client.key",
        $"remote error: tls: {alert}",
        failure);

    private static EngineException Insecure(string who, HttpRequestException failure)
    {
        // A certificate was shown and not believed, or what came was no TLS.
        if (failure.InnerException is AuthenticationException { Message: var text } && text.Contains("certificate", StringComparison.OrdinalIgnoreCase))
            return new EngineException(ErrorKind.InvalidData, $"the certificate of registry {who} cannot be verified ({text}): put its authority's certificate into /etc/containers/certs.d/{who}/ca.crt, or configure the registry as insecure", "tls: failed to verify certificate", failure);
        return new EngineException(
            ErrorKind.InvalidData,
            $"no TLS with registry {who} ({Innermost(failure).Message}): if it speaks plain HTTP, configure it as insecure in registries.conf",
            "http: server gave HTTP response to HTTPS client",
            failure);
    }

    private static Exception Innermost(Exception failure)
    {
        while (failure.InnerException is { } inner) failure = inner;
        return failure;
    }

    private static EngineException Failure(ErrorKind kind, string what, string words, HttpResponseMessage answer)
    {
        var pause = kind == ErrorKind.TooManyRequests && answer.Headers.RetryAfter is { } after ? $" (the registry wants a pause: Retry-After {after})" : "";
        return new EngineException(kind, $"{what}: {words}{pause}", words);
    }

    // A token that doesn't reach far enough says so beside the body.
    private static (string Code, string Words)? FromChallenge(HttpResponseMessage answer)
    {
        var challenges = Challenge.All(answer);
        if (challenges.Any(challenge => challenge.Parameter("error") == "insufficient_scope"))
            return ("DENIED", "denied: requested access to the resource is denied");
        return challenges.Count > 0 && challenges.All(challenge => challenge.IsBasic) && answer.RequestMessage?.Headers.Authorization is null
            ? ("UNAUTHORIZED", "no basic auth credentials")
            : null;
    }

    private static async Task<(string Code, string Words)> WordsAsync(HttpResponseMessage answer, CancellationToken cancellationToken)
    {
        try
        {
            await Bodies.BufferAsync(answer, ErrorLimit, cancellationToken);
            var body = await answer.Content.ReadAsByteArrayAsync(cancellationToken);
            if (JsonSerializer.Deserialize(body, RegistryJson.Default.ErrorsReply) is { } reply && WordsOf(reply) is { } said) return said;
        }
        catch (Exception failure) when (failure is JsonException or HttpRequestException or IOException or EngineException or ObjectDisposedException)
        {
            // No body, or a page for people: the status must do.
        }

        return ("", DefaultWords(answer));
    }

    private static (string Code, string Words)? WordsOf(ErrorsReply reply)
    {
        if (reply.Errors is { Count: > 0 } errors && errors[0] is { Code.Length: > 0 } first)
        {
            var words = errors.OfType<ErrorItem>().Select(item => $"{(item.Code ?? "").ToLowerInvariant().Replace('_', ' ')}: {item.Message}".TrimEnd(' ', ':'));
            return (first.Code.ToUpperInvariant(), string.Join("; ", words));
        }

        if (reply.Error is { ValueKind: JsonValueKind.String } error) return ("", $"{error.GetString()}: {reply.ErrorDescription}".TrimEnd(' ', ':'));
        return reply.Details is { ValueKind: JsonValueKind.String } details ? ("", details.GetString()!) : null;
    }

    private static string DefaultWords(HttpResponseMessage answer) => answer.StatusCode switch
    {
        HttpStatusCode.Unauthorized => "unauthorized: authentication required",
        HttpStatusCode.Forbidden => "denied: requested access to the resource is denied",
        HttpStatusCode.NotFound => "not found",
        HttpStatusCode.TooManyRequests => "toomanyrequests: too many requests",
        var status => $"received unexpected HTTP status: {(int)status} {answer.ReasonPhrase}".TrimEnd(),
    };

    private static ErrorKind KindOf(string code, HttpStatusCode status) => code switch
    {
        "DENIED" => ErrorKind.Forbidden,
        "UNAUTHORIZED" when (int)status < 500 => ErrorKind.Unauthorized,
        "NAME_UNKNOWN" or "MANIFEST_UNKNOWN" or "BLOB_UNKNOWN" => ErrorKind.NotFound,
        "TOOMANYREQUESTS" => ErrorKind.TooManyRequests,
        "UNSUPPORTED" => ErrorKind.NotSupported,
        _ => KindOf(status),
    };

    private static ErrorKind KindOf(HttpStatusCode status) => status switch
    {
        HttpStatusCode.Unauthorized => ErrorKind.Unauthorized,
        HttpStatusCode.Forbidden => ErrorKind.Forbidden,
        HttpStatusCode.NotFound => ErrorKind.NotFound,
        HttpStatusCode.TooManyRequests => ErrorKind.TooManyRequests,
        HttpStatusCode.MethodNotAllowed or HttpStatusCode.NotImplemented => ErrorKind.NotSupported,
        HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => ErrorKind.Unavailable,
        >= HttpStatusCode.BadRequest => ErrorKind.InvalidInput,
        _ => ErrorKind.InvalidData,
    };
}
