using System.Net;
using Podsharp.Core.Errors;

namespace Podsharp.Registry.Transport;

/// <summary>Follows redirects. Registries send blobs from other hosts, and none of our credentials may go there.</summary>
internal static class Redirects
{
    private const int Most = 10;

    public static async Task<HttpResponseMessage> FollowAsync(
        RegistryCall call, bool insecure, Func<RegistryCall, CancellationToken, Task<HttpResponseMessage>> sendAsync, CancellationToken cancellationToken)
    {
        var (first, authorization) = (call.Address, call.Authorization);
        for (var hops = 0; ; hops++)
        {
            var answer = await sendAsync(call, cancellationToken);
            if (TargetOf(answer, call) is not { } target) return answer;
            answer.Dispose();
            if (hops == Most) throw Lost(first, $"more than {Most} redirects");
            if (target.Scheme is not ("http" or "https")) throw Lost(first, $"a redirect to an address of scheme {target.Scheme}");
            if (target.Scheme == Uri.UriSchemeHttp && call.Address.Scheme == Uri.UriSchemeHttps && !insecure) throw Lost(first, $"a redirect from TLS to plain HTTP at {target.Authority}");
            call = call with { Address = target, Authorization = IsSameOrigin(target, first) ? authorization : null };
        }
    }

    public static bool IsSameOrigin(Uri one, Uri other) =>
        one.Scheme == other.Scheme && one.Port == other.Port && string.Equals(one.IdnHost, other.IdnHost, StringComparison.OrdinalIgnoreCase);

    // What has a body, or is a POST, may only be repeated elsewhere where the status says so.
    private static Uri? TargetOf(HttpResponseMessage answer, RegistryCall call)
    {
        var follow = answer.StatusCode switch
        {
            HttpStatusCode.TemporaryRedirect or HttpStatusCode.PermanentRedirect => true,
            HttpStatusCode.MovedPermanently or HttpStatusCode.Found or HttpStatusCode.SeeOther => call.Method == HttpMethod.Get || call.Method == HttpMethod.Head,
            _ => false,
        };
        return follow && answer.Headers.Location is { } location ? new Uri(call.Address, location) : null;
    }

    private static EngineException Lost(Uri address, string why) =>
        new(ErrorKind.InvalidData, $"{address.Authority} answered {address.AbsolutePath} with {why}");
}
