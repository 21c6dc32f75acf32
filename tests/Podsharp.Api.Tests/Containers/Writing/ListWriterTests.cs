using System.Text;
using System.Text.Json.Nodes;
using Podsharp.Api.Docker.Containers.Writing;
using Podsharp.Api.Http;
using Podsharp.Api.Tests.Containers.Reading;
using Podsharp.Core.Containers;
using Podsharp.Engine.Containers;

namespace Podsharp.Api.Tests.Containers.Writing;

public sealed class ListWriterTests
{
    private static readonly ApiVersion Newest = new(1, 51, 0);
    private static readonly DateTimeOffset Now = Sample.Created.AddSeconds(10);

    [Test]
    public void An_empty_list_is_an_empty_array() =>
        Assert.That(Encoding.UTF8.GetString(ListWriter.Write([], Newest, Now).Span), Is.EqualTo("[]\n"));

    [Test]
    public void Entries_stand_in_the_order_given() =>
        Assert.That(
            JsonNode.Parse(ListWriter.Write([Listing(Sample.Running()), Listing(Sample.Running() with { Name = "c2" })], Newest, Now).Span)!.AsArray()
                .Select(entry => (string?)entry!["Names"]![0]),
            Is.EqualTo(new[] { "/c1", "/c2" }));

    [Test]
    public void The_same_record_is_written_anew_when_time_has_passed()
    {
        var container = Sample.Running();

        Assert.That(Text(container, Newest, Now, "Status"), Is.EqualTo("Up 9 seconds"));
        Assert.That(Text(container, Newest, Now.AddSeconds(1), "Status"), Is.EqualTo("Up 10 seconds"));
        Assert.That(Text(container, Newest, Now, "Status"), Is.EqualTo("Up 9 seconds"));
    }

    [Test]
    public void The_same_record_is_written_anew_when_its_image_has_another_name()
    {
        var container = Sample.Running();

        Assert.That(Text(container, Newest, Now, "Image"), Is.EqualTo("busybox:1"));
        Assert.That(Entry(Listing(container) with { ImageName = "sha256:1" }, Newest, Now)["Image"]!.ToString(), Is.EqualTo("sha256:1"));
    }

    [Test]
    public void The_same_record_is_written_anew_for_another_version()
    {
        var container = Sample.Running();
        container = container with { Spec = container.Spec with { Annotations = new Dictionary<string, string> { ["a"] = "b" } } };

        Assert.That(Entry(Listing(container), Newest, Now)["HostConfig"]!.AsObject().ContainsKey("Annotations"), Is.True);
        Assert.That(Entry(Listing(container), new ApiVersion(1, 45, 0), Now)["HostConfig"]!.AsObject().ContainsKey("Annotations"), Is.False);
    }

    [Test]
    public void Sizes_are_never_kept()
    {
        var container = Sample.Running();

        Assert.That((long)Entry(Listing(container) with { Size = new ContainerSize(5, 10) }, Newest, Now)["SizeRw"]!, Is.EqualTo(5));
        Assert.That(Entry(Listing(container), Newest, Now).ContainsKey("SizeRw"), Is.False);
        Assert.That((long)Entry(Listing(container) with { Size = new ContainerSize(7, 10) }, Newest, Now)["SizeRw"]!, Is.EqualTo(7));
    }

    private static ContainerListing Listing(Container container) => new(container, "busybox:1", null, null);

    private static string? Text(Container container, ApiVersion version, DateTimeOffset now, string member) =>
        (string?)Entry(Listing(container), version, now)[member];

    private static JsonObject Entry(ContainerListing listing, ApiVersion version, DateTimeOffset now) =>
        JsonNode.Parse(ListWriter.Write([listing], version, now).Span)!.AsArray()[0]!.AsObject();
}
