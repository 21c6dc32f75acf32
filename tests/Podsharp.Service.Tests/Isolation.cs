using NUnit.Framework;

// A test finds nothing of another one in its fixture's fields.
[assembly: FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
