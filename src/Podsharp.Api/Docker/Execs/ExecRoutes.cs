using Podsharp.Api.Docker.Containers;
using Podsharp.Api.Http;
using Podsharp.Core.Errors;
using Podsharp.Engine.Execs;
using Podsharp.Wire.Common;
using Podsharp.Wire.Docker.Execs;

namespace Podsharp.Api.Docker.Execs;

internal static class ExecRoutes
{
    public static void Map(RouteTable routes)
    {
        routes.Post<CreateExec>("/containers/{id}/exec", CreateAsync);
        routes.PostHijacked<InspectExec, StartExec>("/exec/{id}/start", StartAsync);
        routes.Post<ResizeExec>("/exec/{id}/resize", ResizeAsync);
        routes.Get<InspectExec>("/exec/{id}/json", InspectAsync);
    }

    private static async Task CreateAsync(ApiRequest request, CreateExec create)
    {
        var body = await request.ReadOptionalJsonAsync(ExecJson.Default.ExecCreateBody) ?? new ExecCreateBody();
        var id = await create.RunAsync(ExecMapping.Read(request.Path("id"), body), CancellationToken.None);
        await request.ReplyJsonAsync(new IdReply(id.ToString()), CommonJson.Default.IdReply, status: 201);
    }

    private static async Task StartAsync(ApiRequest request, InspectExec inspect, StartExec start)
    {
        var body = await request.ReadOptionalJsonAsync(ExecJson.Default.ExecStartBody) ?? new ExecStartBody();
        var created = await inspect.RunAsync(request.Path("id"), request.Aborted);
        var session = await start.RunAsync(ExecStartReader.Read(request.Path("id"), body, created.Request), request.Aborted);
        if (session is null)
        {
            await request.ReplyAsync(200);
            return;
        }

        await using (session)
        {
            await StreamRoutes.RunHijackedAsync(request, session, CancellationToken.None);
        }
    }

    private static async Task ResizeAsync(ApiRequest request, ResizeExec resize)
    {
        await resize.RunAsync(new ResizeExecRequest(request.Path("id"), LifecycleRoutes.Size(request)), request.Aborted);
        await request.ReplyAsync(200);
    }

    private static async Task InspectAsync(ApiRequest request, InspectExec inspect)
    {
        var session = await inspect.RunAsync(request.Path("id"), request.Aborted);
        await request.ReplyJsonAsync(ExecMapping.Write(session), ExecJson.Default.ExecInspectReply);
    }
}
