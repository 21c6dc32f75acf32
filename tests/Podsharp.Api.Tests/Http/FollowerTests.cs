using System.Text;

namespace Podsharp.Api.Tests.Http;

public sealed class FollowerTests
{
    [Test]
    public async Task A_follower_is_ended_in_good_order_when_the_service_stops()
    {
        await using var server = await ApiServer.StartAsync(docker: routes => routes.Get("/follow", async request =>
        {
            var output = await request.StartReplyAsync("text/plain");
            await output.WriteAsync(Encoding.ASCII.GetBytes("first"));
            await Task.Delay(Timeout.Infinite, request.Following);
        }));
        using var client = server.Client();
        using var reply = await client.GetAsync("/follow", HttpCompletionOption.ResponseHeadersRead);

        await server.Stopping.CancelAsync();

        Assert.That(await reply.Content.ReadAsStringAsync(), Is.EqualTo("first"));
        Assert.That(server.Logs.Lines, Is.Empty);
    }

    [Test]
    public async Task A_verb_in_flight_is_not_ended_by_it()
    {
        var begun = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        await using var server = await ApiServer.StartAsync(docker: routes => routes.Get("/work", async request =>
        {
            begun.SetResult();
            await goOn.Task.WaitAsync(request.Aborted);
            await request.ReplyTextAsync("done");
        }));
        using var client = server.Client();
        var asking = client.GetStringAsync("/work");
        await begun.Task;

        await server.Stopping.CancelAsync();
        goOn.SetResult();

        Assert.That(await asking, Is.EqualTo("done"));
    }
}
