using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Podsharp.Api.Docker.Containers;
using Podsharp.Core.Containers;
using Podsharp.Engine.Containers;
using Podsharp.Testing;

namespace Podsharp.Api.Tests.Containers;

public sealed class WaitRouteTests
{
    private readonly FakeContainerStore _containers = new();

    // docker run starts the container only when it has seen this head.
    [Test]
    public async Task The_head_comes_while_the_container_has_not_even_started()
    {
        await using var server = await StartAsync(new ContainerState());
        using var client = server.Client();

        using var reply = await client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "v1.45/containers/c1/wait?condition=next-exit"), HttpCompletionOption.ResponseHeadersRead);

        Assert.That(reply.StatusCode, Is.EqualTo(HttpStatusCode.OK));
        Assert.That(reply.Content.Headers.ContentType!.MediaType, Is.EqualTo("application/json"));
    }

    [Test]
    public async Task A_container_that_is_down_already_answers_its_exit_code()
    {
        await using var server = await StartAsync(new ContainerState { Phase = ContainerPhase.Exited, ExitCode = 3 });
        using var client = server.Client();

        using var reply = await client.PostAsync(new Uri("containers/c1/wait", UriKind.Relative), null);

        Assert.That(await reply.Content.ReadAsStringAsync(), Is.EqualTo("{\"StatusCode\":3}\n"));
    }

    [TestCase("containers/c1/wait?condition=foo", HttpStatusCode.BadRequest, "invalid condition: \\\"foo\\\"")]
    [TestCase("containers/nosuch/wait", HttpStatusCode.NotFound, "No such container: nosuch")]
    public async Task Failures_come_as_a_status_of_their_own(string path, HttpStatusCode status, string message)
    {
        await using var server = await StartAsync(new ContainerState());
        using var client = server.Client();

        using var reply = await client.PostAsync(new Uri(path, UriKind.Relative), null);

        Assert.That(reply.StatusCode, Is.EqualTo(status));
        Assert.That(await reply.Content.ReadAsStringAsync(), Does.Contain(message));
    }

    private Task<ApiServer> StartAsync(ContainerState state)
    {
        _containers.Put(Writing.Sample.Container() with { State = state });
        return ApiServer.StartAsync(
            services => services
                .AddSingleton<IContainerStore>(_containers)
                .AddSingleton<ContainerLookup>()
                .AddSingleton<ContainerWaiters>()
                .AddSingleton<WaitContainer>(),
            docker: ContainerRoutes.Map);
    }
}
