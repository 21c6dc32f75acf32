using System.Text.Json.Nodes;
using Podsharp.Differential.Script;
using Podsharp.Differential.Shapes;

namespace Podsharp.Differential.Play;

/// <summary>Plays steps against one engine and remembers what its replies told.</summary>
public sealed class Player(string socket) : IDisposable
{
    private readonly HttpClient _http = EngineUnderTest.ConnectTo(socket);
    private readonly Dictionary<string, byte[]> _kept = [];

    public Variables Variables { get; private set; } = new();

    /// <summary>Forgets the variables of the version before.</summary>
    public void Begin(IReadOnlyDictionary<string, string> variables)
    {
        Variables = new Variables();
        foreach (var (name, value) in variables) Variables[name] = value;
    }

    public async Task<Reply> PlayAsync(Step step, string version)
    {
        var reply = await SendAsync(step, version);
        var limit = DateTime.UtcNow.AddSeconds(20);
        while (step.Until is { } until && DateTime.UtcNow < limit && Found(reply, until.Key) != Variables.Expand(until.Value))
        {
            await Task.Delay(50);
            reply = await SendAsync(step, version);
        }
        foreach (var (name, path) in step.Captures)
            if (Look(reply, path) is { } value) Variables[name] = value;
        if (step.Keep is { } kept) _kept[kept] = reply.Body;
        await UndoAsync(step, reply, version);
        return reply;
    }

    private async Task<Reply> SendAsync(Step step, string version)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        try
        {
            using var request = await RequestAsync(step, version);
            using var response = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
            var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
            return new Reply((int)response.StatusCode, headers, await BodyReader.ReadAsync(step, response, Variables, patience.Token));
        }
        catch (OperationCanceledException)
        {
            return Reply.None("no end within 40 s");
        }
        catch (HttpRequestException failure)
        {
            return Reply.None(failure.Message);
        }
        catch (IOException failure)
        {
            return Reply.None(failure.Message);
        }
    }

    private async Task<HttpRequestMessage> RequestAsync(Step step, string version)
    {
        var target = Variables.Expand(step.Target);
        var request = new HttpRequestMessage(new HttpMethod(step.Method), step.Target.StartsWith("//", StringComparison.Ordinal) ? target[1..] : $"/v{version}{target}");
        if (await Bodies.MakeAsync(step.BodyKind, Variables.Expand(step.Body), _kept) is { } body)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", step.BodyKind == "json" ? "application/json" : "application/x-tar");
        }
        foreach (var (name, value) in step.Headers)
        {
            if (name != "Content-Type")
            {
                request.Headers.TryAddWithoutValidation(name, Variables.Expand(value));
            }
            else if (request.Content is not null)
            {
                request.Content.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, value);
            }
        }
        if (step.Hijack)
        {
            request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
            if (!request.Headers.Contains("Upgrade")) request.Headers.TryAddWithoutValidation("Upgrade", "tcp");
        }
        return request;
    }

    // What no later step can name, or what would stand in the way of the next one of the kind, goes at once.
    private async Task UndoAsync(Step step, Reply reply, string version)
    {
        if (reply.Status != 201) return;
        var made = step.Target switch
        {
            _ when step.Captures.Count > 0 => null,
            _ when step.Target.StartsWith("/containers/create", StringComparison.Ordinal) && !step.Target.Contains("name=${p}", StringComparison.Ordinal) => $"/containers/{Look(reply, ".Id")}?force=1&v=1",
            "/networks/create" when step.Body.Contains("${p}x\"", StringComparison.Ordinal) || step.Title.StartsWith("a bad name", StringComparison.Ordinal) => $"/networks/{Look(reply, ".Id")}",
            "/volumes/create" when step.Body.Contains("${p}x\"", StringComparison.Ordinal) => "/volumes/${p}x",
            _ => null,
        };
        if (made is not null) await SendAsync(new Step { Method = "DELETE", Target = made }, version);
    }

    private static string? Found(Reply reply, string path) => path == "status" ? reply.Status.ToString() : Look(reply, path);

    private static string? Look(Reply reply, string path)
    {
        foreach (var document in JsonTexts.Read(reply.Body))
            if (JsonTexts.Look(document, path) is { } found) return found is JsonValue value ? value.ToString() : found.ToJsonString();
        return null;
    }

    public void Dispose() => _http.Dispose();
}
