using Podsharp.Core.Events;
using Podsharp.Engine.Events;

namespace Podsharp.Engine.Tests.Events;

public sealed class EventFilterTests
{
    private static readonly EngineEvent Die = new(
        DateTimeOffset.UnixEpoch,
        EventSubject.Container,
        "die",
        "0123456789abcdef",
        new Dictionary<string, string> { ["name"] = "web-1", ["image"] = "docker.io/library/nginx:1.27", ["tier"] = "front", ["exitCode"] = "7" });

    private static readonly EngineEvent Tag = new(
        DateTimeOffset.UnixEpoch, EventSubject.Image, "tag", "sha256:aa", new Dictionary<string, string> { ["name"] = "busybox:latest" });

    [Test]
    public void Takes_everything_when_nothing_is_asked() => Assert.That(new EventFilter().Takes(Die), Is.True);

    [TestCase("die", true)]
    [TestCase("di", false)]
    [TestCase("start", false)]
    public void Takes_whole_actions(string action, bool expected) =>
        Assert.That(new EventFilter { Actions = [action] }.Takes(Die), Is.EqualTo(expected));

    [TestCase("exec_create", true)]
    [TestCase("exec_create: ls", true)]
    [TestCase("exec_creat", false)]
    public void Takes_an_action_without_what_follows_its_colon(string action, bool expected) =>
        Assert.That(new EventFilter { Actions = [action] }.Takes(Die with { Action = "exec_create: ls" }), Is.EqualTo(expected));

    [TestCase("0123", true)]
    [TestCase("web", true)]
    [TestCase("1", false)]
    public void Takes_the_start_of_an_id_or_name(string start, bool expected) =>
        Assert.That(Named(EventSubject.Container, start).Takes(Die), Is.EqualTo(expected));

    [TestCase("docker.io/library/nginx:1.27", true)]
    [TestCase("docker.io/library/nginx", true)]
    [TestCase("docker.io/library/ngin", false)]
    public void Takes_containers_by_image_with_or_without_tag(string image, bool expected) =>
        Assert.That(new EventFilter { Images = [image] }.Takes(Die), Is.EqualTo(expected));

    [TestCase("busybox", true)]
    [TestCase("sha256:aa", true)]
    [TestCase("alpine", false)]
    public void Takes_images_by_name_and_id(string image, bool expected) =>
        Assert.That(new EventFilter { Images = [image] }.Takes(Tag), Is.EqualTo(expected));

    [Test]
    public void Wants_every_label()
    {
        Assert.That(new EventFilter { Labels = ["tier=front", "exitCode"] }.Takes(Die), Is.True);
        Assert.That(new EventFilter { Labels = ["tier=front", "colour"] }.Takes(Die), Is.False);
        Assert.That(new EventFilter { Labels = ["tier=back"] }.Takes(Die), Is.False);
    }

    [Test]
    public void Takes_only_subjects_asked_for()
    {
        var filter = new EventFilter { Subjects = [EventSubject.Image] };
        Assert.That(filter.Takes(Tag), Is.True);
        Assert.That(filter.Takes(Die), Is.False);
    }

    [Test]
    public void Wants_each_kind_of_condition_to_hold() =>
        Assert.That(new EventFilter { Actions = ["die"], Labels = ["tier=back"] }.Takes(Die), Is.False);

    private static EventFilter Named(EventSubject subject, string start) =>
        new() { Names = new Dictionary<EventSubject, IReadOnlyList<string>> { [subject] = [start] } };
}
