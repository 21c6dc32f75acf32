using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;
using Podsharp.Api.Errors;
using Podsharp.Api.Hijack;
using Podsharp.Core.Errors;
using Podsharp.Wire.Common;

namespace Podsharp.Api.Http;

/// <summary>
/// Finds the route of each request and answers every failure as JSON. It does the framework's routing itself: image names hold slashes,
/// escapes are decoded only after matching, each route exists with and without a version, and start-up must cost nothing.
/// </summary>
internal sealed partial class Dispatcher(RouteTable docker, RouteTable libpod, Task<IServiceProvider> services, ILogger<Dispatcher> logger, CancellationToken stopping)
{
    public async Task RunAsync(HttpContext http)
    {
        ReplyHeaders.Set(http.Response.Headers);
        var hijack = http.Features.Get<IHijackFeature>();
        try
        {
            var path = Segments(http);
            var isLibpod = TakeDialect(ref path, out var version);
            if ((isLibpod ? null : Unsupported(version)) is { } unsupported)
            {
                await RefuseAsync(http, 400, unsupported);
                return;
            }

            var table = isLibpod ? libpod : docker;
            if (table.Find(http.Request.Method, path, out var allowed) is not { } route)
            {
                if (allowed.Count > 0) http.Response.Headers.Allow = string.Join(", ", allowed);
                await (allowed.Count > 0 ? RefuseAsync(http, 405, "method not allowed") : RefuseAsync(http, 404, "page not found"));
                return;
            }

            hijack?.RequestStarted(route.Hijacks);
            await EngineAsync();
            await route.Handler(new ApiRequest(http, route, path, version, isLibpod, stopping), services);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested && http.Response.HasStarted)
        {
            // A follower's reply ends here, in good order.
        }
        catch (Exception exception)
        {
            await FailAsync(http, hijack, exception);
        }
        finally
        {
            hijack?.RequestEnded();
        }
    }

    /// <summary>The path's segments, still escaped. The framework's own Path is decoded too early.</summary>
    private static string[] Segments(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var query = target.IndexOf('?', StringComparison.Ordinal);
        if (query >= 0) target = target[..query];
        if (!target.StartsWith('/')) target = http.Request.Path.Value ?? "/";
        return target.Length > 1 ? target[1..].Split('/') : [];
    }

    /// <summary>Takes version and dialect off the path; true for libpod.</summary>
    private static bool TakeDialect(ref string[] path, out ApiVersion version)
    {
        version = default;
        var versioned = path.Length > 0 && path[0].StartsWith('v') && ApiVersion.TryParse(path[0].AsSpan(1), out version);
        if (versioned) path = path[1..];
        var isLibpod = path.Length > 0 && path[0] == "libpod";
        if (isLibpod) path = path[1..];
        if (!versioned) version = isLibpod ? ApiVersion.Libpod : ApiVersion.DockerAnnounced;
        return isLibpod;
    }

    private static string? Unsupported(ApiVersion version)
    {
        if (version.CompareTo(ApiVersion.DockerMaximum) > 0)
            return $"client version {version.ToShortString()} is too new. Maximum supported API version is {ApiVersion.DockerMaximum.ToShortString()}";
        if (version.CompareTo(ApiVersion.DockerMinimum) < 0)
            return $"client version {version.ToShortString()} is too old. Minimum supported API version is {ApiVersion.DockerMinimum.ToShortString()}, please upgrade your client to a newer version";
        return null;
    }

    // Not even a ping is answered for an engine that then cannot open its store.
    private async Task EngineAsync()
    {
        try
        {
            await services;
        }
        catch (EngineException failure)
        {
            throw new EngineException(ErrorKind.Unavailable, $"the service cannot start: {failure.Message}", innerException: failure);
        }
    }

    private static Task RefuseAsync(HttpContext http, int status, string message) =>
        JsonBody.WriteAsync(http.Response, status, ErrorTable.Reply(status, message), CommonJson.Default.ErrorReply);

    private async Task FailAsync(HttpContext http, IHijackFeature? hijack, Exception exception)
    {
        // The client went away: there is nobody to tell.
        if (http.RequestAborted.IsCancellationRequested || exception is ConnectionResetException) return;
        if (hijack is { IsHijacked: true } && exception is IOException or OperationCanceledException) return;

        var reply = ErrorTable.ReplyFor(exception);
        if (reply is null || reply.Response == 500) Log.Failed(logger, exception, http.Request.Method, http.Request.Path);
        if (hijack is { IsHijacked: true }) return;
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }

        http.Response.Headers.Clear();
        ReplyHeaders.Set(http.Response.Headers);
        reply ??= ErrorTable.Reply(500, $"internal error: {exception.Message}");
        await JsonBody.WriteAsync(http.Response, reply.Response, reply, CommonJson.Default.ErrorReply);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "{Method} {Path} failed")]
        public static partial void Failed(ILogger logger, Exception exception, string method, string path);
    }
}
