using Podsharp.Api.Docker.Containers.Reading;
using Podsharp.Api.Http;
using Podsharp.Core.Containers;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Update;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers;

/// <summary>What moves a container between its states. It is done even when the client goes away meanwhile.</summary>
internal static class LifecycleRoutes
{
    public static void Map(RouteTable routes)
    {
        routes.Post<StartContainer>("/containers/{id}/start", StartAsync);
        routes.Post<StopContainer>("/containers/{id}/stop", StopAsync);
        routes.Post<RestartContainer>("/containers/{id}/restart", RestartAsync);
        routes.Post<KillContainer>("/containers/{id}/kill", KillAsync);
        routes.Post<PauseContainer>("/containers/{id}/pause", PauseAsync);
        routes.Post<UnpauseContainer>("/containers/{id}/unpause", UnpauseAsync);
        routes.Post<WaitContainer>("/containers/{id}/wait", WaitAsync);
        routes.Post<ResizeContainer>("/containers/{id}/resize", ResizeAsync);
        routes.Post<UpdateContainer>("/containers/{id}/update", UpdateAsync);
    }

    /// <summary>The query's h and w, both needed.</summary>
    public static TerminalSize Size(ApiRequest request)
    {
        var (height, width) = (request.Query.Int("h"), request.Query.Int("w"));
        return height is >= 0 and <= ushort.MaxValue && width is >= 0 and <= ushort.MaxValue
            ? new TerminalSize(height.Value, width.Value)
            : throw EngineException.InvalidInput("invalid terminal size: want the query parameters h and w, in characters");
    }

    private static async Task StartAsync(ApiRequest request, StartContainer start)
    {
        await RefuseHostConfigAsync(request);
        if (request.Query.Text("checkpoint").Length > 0)
            throw EngineException.NotSupported("the query parameter checkpoint is not supported: a container is started from its beginning; leave it out");
        var outcome = await start.RunAsync(new StartContainerRequest(request.Path("id")), CancellationToken.None);
        await request.ReplyAsync(outcome == StartOutcome.AlreadyRunning ? 304 : 204);
    }

    // Before API 1.24 the body could change how the container is run: it is not silently left unread. Some clients send "null" or "{}" for none.
    private static async Task RefuseHostConfigAsync(ApiRequest request)
    {
        var body = await request.ReadOptionalJsonAsync(ContainerJson.Default.HostConfig);
        if (body is not null && body != new HostConfig())
            throw EngineException.InvalidInput("starting container with non-empty request body was deprecated since API v1.22 and removed in v1.24");
    }

    private static async Task StopAsync(ApiRequest request, StopContainer stop)
    {
        var asked = new StopContainerRequest(request.Path("id"), request.Query.Int("t"), Signal(request));
        await request.ReplyAsync(await stop.RunAsync(asked, CancellationToken.None) == StopOutcome.AlreadyStopped ? 304 : 204);
    }

    private static async Task RestartAsync(ApiRequest request, RestartContainer restart)
    {
        await restart.RunAsync(new RestartContainerRequest(request.Path("id"), request.Query.Int("t"), Signal(request)), CancellationToken.None);
        await request.ReplyAsync(204);
    }

    private static async Task KillAsync(ApiRequest request, KillContainer kill)
    {
        await kill.RunAsync(new KillContainerRequest(request.Path("id"), Signal(request) ?? "SIGKILL"), CancellationToken.None);
        await request.ReplyAsync(204);
    }

    private static async Task UpdateAsync(ApiRequest request, UpdateContainer update)
    {
        var warnings = new List<string>();
        var body = await request.ReadOptionalJsonAsync(ContainerJson.Default.HostConfig) ?? new HostConfig();
        warnings.AddRange(await update.RunAsync(UpdateReader.Read(request.Path("id"), body, request.Version, warnings), CancellationToken.None));
        await request.ReplyJsonAsync(new UpdateReply(warnings.Count > 0 ? warnings : null), ContainerJson.Default.UpdateReply);
    }

    private static async Task PauseAsync(ApiRequest request, PauseContainer pause)
    {
        await pause.RunAsync(request.Path("id"), CancellationToken.None);
        await request.ReplyAsync(204);
    }

    private static async Task UnpauseAsync(ApiRequest request, UnpauseContainer unpause)
    {
        await unpause.RunAsync(request.Path("id"), CancellationToken.None);
        await request.ReplyAsync(204);
    }

    // Clients start the container only when they have this reply's head: it must be out, and the waiter in place, at once.
    private static async Task WaitAsync(ApiRequest request, WaitContainer wait)
    {
        var condition = Condition(request.Query.Text("condition"));
        var waiting = await wait.RunAsync(new WaitContainerRequest(request.Path("id"), condition), request.Following);
        var output = await request.StartReplyAsync("application/json");
        var outcome = await waiting;
        var reply = new WaitReply(outcome.Error is { } error ? new WaitError(error) : null, outcome.ExitCode);
        JsonBody.WriteLine(output, reply, ContainerJson.Default.WaitReply);
        await output.FlushAsync(request.Aborted);
    }

    private static async Task ResizeAsync(ApiRequest request, ResizeContainer resize)
    {
        await resize.RunAsync(new ResizeContainerRequest(request.Path("id"), Size(request)), request.Aborted);
        await request.ReplyAsync(200);
    }

    private static WaitCondition Condition(string text) => text switch
    {
        "" or "not-running" => WaitCondition.NotRunning,
        "next-exit" => WaitCondition.NextExit,
        "removed" => WaitCondition.Removed,
        _ => throw EngineException.InvalidInput($"invalid condition: \"{text}\""),
    };

    private static string? Signal(ApiRequest request) => request.Query.Text("signal") is { Length: > 0 } signal ? signal : null;
}
