using System.Globalization;
using System.IO.Pipelines;
using Podsharp.Api.Docker.Containers.Writing;
using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Engine.Containers;
using Podsharp.Engine.Containers.Usage;
using Podsharp.Engine.Streams;
using Podsharp.Wire.Docker.Containers;

namespace Podsharp.Api.Docker.Containers;

/// <summary>Attach and logs (reference/protocols.md §1, §2).</summary>
internal static class StreamRoutes
{
    public static void Map(RouteTable routes)
    {
        routes.PostHijacked<AttachContainer>("/containers/{id}/attach", AttachAsync);
        routes.GetHijacked<AttachContainer>("/containers/{id}/attach/ws", AttachWebSocketAsync);
        routes.Get<ReadLogs>("/containers/{id}/logs", LogsAsync);
        routes.Get<MeasureContainer>("/containers/{id}/stats", StatsAsync);
    }

    /// <summary>Older clients know nothing of the framed type: they go by the container's terminal flag.</summary>
    public static string ContentType(IStreamSession session, ApiVersion version) =>
        session.Raw || !version.AtLeast(1, 42) ? "application/vnd.docker.raw-stream" : "application/vnd.docker.multiplexed-stream";

    /// <summary>Hands the connection over to the session until it has ended, the client is gone or <paramref name="stop"/> fires; none is a failure.</summary>
    public static async Task RunHijackedAsync(ApiRequest request, IStreamSession session, CancellationToken stop)
    {
        await using var connection = await request.HijackAsync(ContentType(session, request.Version));
        await RunAsync(session, connection.Input, connection.Output, connection.ClientGone, stop);
    }

    private static async Task RunAsync(
        IStreamSession session, PipeReader input, PipeWriter output, CancellationToken clientGone, CancellationToken stop)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(clientGone, stop);
        try
        {
            await session.RunAsync(input, output, end.Token);
        }
        catch (Exception failure) when (failure is IOException || (failure is OperationCanceledException && end.IsCancellationRequested))
        {
            // The process lives on without this client.
        }
    }

    private static async Task AttachAsync(ApiRequest request, AttachContainer attach)
    {
        await using var session = await attach.RunAsync(AttachRequest(request), request.Following);
        await RunHijackedAsync(request, session, request.Stopping);
    }

    private static async Task AttachWebSocketAsync(ApiRequest request, AttachContainer attach)
    {
        await using var session = await attach.RunAsync(AttachRequest(request) with { Plain = true }, request.Following);
        await using var connection = await request.AcceptWebSocketAsync(binary: request.Version.AtLeast(1, 28));
        await RunAsync(session, connection.Input, connection.Output, connection.ClientGone, request.Stopping);
    }

    private static AttachContainerRequest AttachRequest(ApiRequest request)
    {
        var query = request.Query;
        return new AttachContainerRequest(
            request.Path("id"),
            query.Bool("stdin"),
            query.Bool("stdout"),
            query.Bool("stderr"),
            query.Bool("logs"),
            query.Bool("stream"),
            query.OptionalText("detachKeys"));
    }

    private static async Task StatsAsync(ApiRequest request, MeasureContainer measure)
    {
        var query = request.Query;
        var follow = query.Bool("stream", absent: true);
        var atOnce = query.Bool("one-shot");
        if (follow && atOnce) throw EngineException.InvalidInput("cannot have stream=true and one-shot=true");
        var measurements = measure.Run(new MeasureContainerRequest(request.Path("id"), follow, atOnce), request.Following);
        var lines = await request.StartLinesAsync(ContainerJson.Default.StatsReply);
        try
        {
            await foreach (var measurement in measurements) await lines.WriteAsync(StatsWriter.Write(measurement, request.Version), request.Aborted);
        }
        catch (OperationCanceledException) when (request.Following.IsCancellationRequested)
        {
            // Whoever looked on has gone, or the service ends.
        }
    }

    private static async Task LogsAsync(ApiRequest request, ReadLogs read)
    {
        var query = request.Query;
        var asked = new ReadLogsRequest(
            request.Path("id"),
            query.Bool("stdout"),
            query.Bool("stderr"),
            query.Bool("follow"),
            query.Bool("timestamps"),
            Moment(request, "since"),
            Moment(request, "until"),
            Tail(query.Text("tail")))
        {
            Details = query.Bool("details"),
        };
        if (asked is { Stdout: false, Stderr: false })
            throw EngineException.InvalidInput("Bad parameters: you must choose at least one stream");
        await using var session = await read.RunAsync(asked, request.Aborted);
        var output = await request.StartReplyAsync(ContentType(session, request.Version));
        await session.RunAsync(NoInput, output, request.Following);
    }

    private static PipeReader NoInput => PipeReader.Create(Stream.Null);

    // Clients write 0 for "not asked".
    private static DateTimeOffset? Moment(ApiRequest request, string name) => request.Query.Text(name) == "0" ? null : request.Query.Time(name);

    private static int? Tail(string text) =>
        text is not ("" or "all") && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var lines) && lines >= 0
            ? lines
            : null;
}
