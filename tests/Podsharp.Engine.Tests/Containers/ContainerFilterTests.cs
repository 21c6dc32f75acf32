using Podsharp.Core.Containers;
using Podsharp.Core.Networks;
using Podsharp.Core.Queries;
using Podsharp.Engine.Containers;
using Podsharp.Testing;

namespace Podsharp.Engine.Tests.Containers;

public sealed class ContainerFilterTests
{
    [TestCase("8080", true)]
    [TestCase("8080/tcp", true)]
    [TestCase("8000-8100", true)]
    [TestCase("8080/udp", false)]
    [TestCase("80", false)]
    public void A_published_port_is_the_host_s(string text, bool matches) => Assert.That(Matches("publish", text), Is.EqualTo(matches));

    [TestCase("80", true)]
    [TestCase("8080", false)]
    public void An_exposed_port_is_the_container_s(string text, bool matches) => Assert.That(Matches("expose", text), Is.EqualTo(matches));

    private static bool Matches(string key, string value)
    {
        var web = new PortKey(80, "tcp");
        var container = Samples.Container("web", Samples.Image("image", "busybox"), ContainerPhase.Running);
        container = container with
        {
            State = container.State with { Ports = [new PublishedPort(web, "0.0.0.0", 8080)] },
            Spec = container.Spec with { Network = container.Spec.Network with { ExposedPorts = [web] } },
        };
        var filters = new Filters(new Dictionary<string, IReadOnlyList<string>> { [key] = [value] });
        return ContainerFilter.Parse(filters, new ContainerLookup(new FakeContainerStore()), new FakeImageStore()).Matches(container);
    }
}
