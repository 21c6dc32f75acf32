using System.Net;
using Podsharp.Core.Registries;
using Podsharp.Registry.Transport;

namespace Podsharp.Registry.Distribution;

/// <summary>Makes one repository have blobs.</summary>
internal sealed class BlobSending(Conversation conversation, IReadOnlyList<string> scopes, BlobReading reading)
{
    private const int MostMounts = 3;
    private static readonly TimeSpan CancelTime = TimeSpan.FromSeconds(5);

    private string Repository => conversation.Endpoint.Repository;

    public async Task<BlobPushOutcome> PushAsync(BlobPush push, CancellationToken cancellationToken)
    {
        if (await reading.FindAsync(push.Blob.Digest, cancellationToken) is { } size)
        {
            return size == push.Blob.Size || size == 0
                ? new BlobPushOutcome(BlobPushResult.AlreadyThere)
                : throw RegistryFailures.Invalid($"blob {push.Blob.Digest} of {conversation.Endpoint.Name} has {size} bytes there, {push.Blob.Size} here");
        }

        foreach (var from in push.MountFrom.Where(from => from != Repository).Take(MostMounts))
        {
            if (await MountAsync(push.Blob, from, cancellationToken)) return new BlobPushOutcome(BlobPushResult.Mounted, from);
        }

        await SendAsync(push, cancellationToken);
        return new BlobPushOutcome(BlobPushResult.Sent);
    }

    private async Task<bool> MountAsync(BlobDescriptor blob, string from, CancellationToken cancellationToken)
    {
        var path = $"v2/{Repository}/blobs/uploads/?mount={Uri.EscapeDataString(blob.Digest.ToString())}&from={Uri.EscapeDataString(from)}";
        using var answer = await conversation.AskAsync(HttpMethod.Post, path, Scopes.ForMount(Repository, from), cancellationToken);
        if (answer.StatusCode == HttpStatusCode.Created) return true;
        // It began an upload in place of the mount, which is not wanted yet.
        if (answer.StatusCode == HttpStatusCode.Accepted && Location(answer) is { } upload) await CancelAsync(upload);
        // Anything else, a refusal too, only means that it cannot be had that way.
        return false;
    }

    private async Task SendAsync(BlobPush push, CancellationToken cancellationToken)
    {
        var what = $"writing blob {push.Blob.Digest} of {conversation.Endpoint.Name}";
        using var answer = await conversation.Retries.RunAsync(token => AttemptAsync(push, what, token), conversation.Host.Name, cancellationToken);
        if (!answer.IsSuccessStatusCode) throw await RegistryFailures.FromAsync(answer, what, cancellationToken);
    }

    // Each attempt is an upload of its own, begun at the first byte: what the registry kept of the last one is not sure.
    private async Task<HttpResponseMessage> AttemptAsync(BlobPush push, string what, CancellationToken cancellationToken)
    {
        var root = await conversation.RootAsync(cancellationToken);
        var start = await conversation.OnceAsync(new RegistryCall(HttpMethod.Post, new Uri(root, $"v2/{Repository}/blobs/uploads/")), scopes, cancellationToken);
        if (start.StatusCode != HttpStatusCode.Accepted) return start;
        var upload = Location(start) ?? throw RegistryFailures.Invalid($"{what}: the registry began an upload without saying where");
        start.Dispose();
        try
        {
            var answer = await conversation.OnceAsync(Put(push, upload, what), scopes, cancellationToken);
            if (!answer.IsSuccessStatusCode) await CancelAsync(upload);
            return answer;
        }
        catch
        {
            await CancelAsync(upload);
            throw;
        }
    }

    private static RegistryCall Put(BlobPush push, Uri upload, string what)
    {
        var separator = upload.Query.Length > 1 ? '&' : '?';
        var address = new Uri($"{upload.GetLeftPart(UriPartial.Query)}{separator}digest={Uri.EscapeDataString(push.Blob.Digest.ToString())}");
        return new RegistryCall(HttpMethod.Put, address)
        {
            Bulk = true,
            Body = async token => new BlobContent(await push.Open(token), push.Blob.Size, push.Sent, what),
        };
    }

    // May be relative; and behind a proxy that ends TLS it may name plain HTTP, where the host means itself.
    private static Uri? Location(HttpResponseMessage answer)
    {
        if (answer.Headers.Location is not { } location || answer.RequestMessage?.RequestUri is not { } asked) return null;
        var address = new Uri(asked, location);
        return address.Scheme == Uri.UriSchemeHttp && asked.Scheme == Uri.UriSchemeHttps && address.IdnHost == asked.IdnHost
            ? new UriBuilder(address) { Scheme = asked.Scheme, Port = asked.Port }.Uri
            : address;
    }

    // The registry would drop it some day by itself; that we ask is a courtesy that may fail.
    private async Task CancelAsync(Uri upload)
    {
        using var time = new CancellationTokenSource(CancelTime);
        try
        {
            using var answer = await conversation.OnceAsync(new RegistryCall(HttpMethod.Delete, upload), scopes, time.Token);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or OperationCanceledException or Core.Errors.EngineException)
        {
            // Nothing is lost.
        }
    }
}
