"""Containers: clusters, services, what they run, and the images."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analyzer.account.collector import Call, Collector, Read
from analyzer.account.collectors.network import GROUP, SUBNET

_CLUSTER = "AWS::ECS::Cluster"
_TASK = "AWS::ECS::TaskDefinition"
_CLUSTERS = Call("ecs", "ListClusters", "clusterArns[]")
_SERVICES = Call("ecs", "ListServices", "serviceArns[]", given={"cluster": "value"})
_DESCRIBED = Call(
    "ecs",
    "DescribeServices",
    "services[?status != 'INACTIVE']",
    given={"cluster": "[0]._parent.value", "services": "[].value"},
    fixed={"include": ["TAGS"]},
    batch=10,
)
# Maps whose keys are the user's own.
_OWN_KEYS = {"options", "dockerLabels", "labels", "driverOpts"}
_SPELLED = {
    "efsVolumeConfiguration": "EFSVolumeConfiguration",
    "fsxWindowsFileServerVolumeConfiguration": "FSxWindowsFileServerVolumeConfiguration",
    "iam": "IAM",
}


def capitalized(value: Any) -> Any:
    """A value with the names of its fields as CloudFormation writes them."""
    if isinstance(value, Mapping):
        return {
            _SPELLED.get(name, name[:1].upper() + name[1:]): (
                item if name in _OWN_KEYS else capitalized(item)
            )
            for name, item in value.items()
        }
    return [capitalized(item) for item in value] if isinstance(value, list) else value


def _field(name: str) -> Any:
    return lambda item: capitalized(item.get(name))


def _volumes(task: Mapping[str, Any]) -> Any:
    """The volumes; of those on EFS, and of no other, templates spell the file system's id so."""
    volumes = capitalized(task.get("volumes"))
    for volume in volumes or ():
        mount = volume.get("EFSVolumeConfiguration")
        if mount and "FileSystemId" in mount:
            mount["FilesystemId"] = mount.pop("FileSystemId")
    return volumes


def _task(page: Mapping[str, Any]) -> Any:
    return {**page["taskDefinition"], "tags": page.get("tags")}


def _described_task(name: str) -> Call:
    return Call(
        "ecs",
        "DescribeTaskDefinition",
        _task,
        given={"taskDefinition": name},
        fixed={"include": ["TAGS"]},
    )


_TAGS = "tags[].{Key: key, Value: value}"

COLLECTORS = (
    Collector(
        _CLUSTER,
        (
            _CLUSTERS,
            Call(
                "ecs",
                "DescribeClusters",
                "clusters[]",
                given={"clusters": "[].value"},
                fixed={"include": ["SETTINGS", "TAGS", "CONFIGURATIONS"]},
                batch=50,
            ),
        ),
        arn="clusterArn",
        names=("clusterName",),
        properties={
            "ClusterName": "clusterName",
            "ClusterSettings": _field("settings"),
            "CapacityProviders": "capacityProviders",
            "Configuration": _field("configuration"),
            "DefaultCapacityProviderStrategy": _field("defaultCapacityProviderStrategy"),
            "Tags": _TAGS,
        },
    ),
    Collector(
        "AWS::ECS::Service",
        (_CLUSTERS, _SERVICES, _DESCRIBED),
        arn="serviceArn",
        names=("serviceName",),
        properties={
            "ServiceName": "serviceName",
            "Cluster": "clusterArn",
            "TaskDefinition": "taskDefinition",
            "DesiredCount": "desiredCount",
            "LaunchType": "launchType",
            "SchedulingStrategy": "schedulingStrategy",
            "PlatformVersion": "platformVersion",
            "EnableExecuteCommand": "enableExecuteCommand",
            "HealthCheckGracePeriodSeconds": "healthCheckGracePeriodSeconds",
            "CapacityProviderStrategy": _field("capacityProviderStrategy"),
            "NetworkConfiguration": _field("networkConfiguration"),
            "LoadBalancers": _field("loadBalancers"),
            "DeploymentConfiguration": _field("deploymentConfiguration"),
            "DeploymentController": _field("deploymentController"),
            "ServiceRegistries": _field("serviceRegistries"),
            "PlacementConstraints": _field("placementConstraints"),
            "PlacementStrategies": _field("placementStrategy"),
            "PropagateTags": "propagateTags",
            "EnableECSManagedTags": "enableECSManagedTags",
            "AvailabilityZoneRebalancing": "availabilityZoneRebalancing",
            "Tags": _TAGS,
        },
        links={
            "Cluster": _CLUSTER,
            "TaskDefinition": _TASK,
            "NetworkConfiguration.AwsvpcConfiguration.Subnets": SUBNET,
            "NetworkConfiguration.AwsvpcConfiguration.SecurityGroups": GROUP,
            "LoadBalancers.TargetGroupArn": "AWS::ElasticLoadBalancingV2::TargetGroup",
        },
        live={"RunningCount": "runningCount"},
    ),
    Collector(
        _TASK,
        (_CLUSTERS, _SERVICES, _DESCRIBED, _described_task("taskDefinition")),
        # The latest revision of what no service runs: schedules and people run it.
        others=(
            Call("ecs", "ListTaskDefinitionFamilies", "families[]", fixed={"status": "ACTIVE"}),
            _described_task("value"),
        ),
        arn="taskDefinitionArn",
        names=("family",),
        properties={
            "Family": "family",
            "Cpu": "cpu",
            "Memory": "memory",
            "NetworkMode": "networkMode",
            "TaskRoleArn": "taskRoleArn",
            "ExecutionRoleArn": "executionRoleArn",
            "RequiresCompatibilities": "requiresCompatibilities",
            "PidMode": "pidMode",
            "IpcMode": "ipcMode",
            "ContainerDefinitions": _field("containerDefinitions"),
            "Volumes": _volumes,
            "RuntimePlatform": _field("runtimePlatform"),
            "EphemeralStorage": _field("ephemeralStorage"),
            "PlacementConstraints": _field("placementConstraints"),
            "Tags": _TAGS,
        },
        links={
            "TaskRoleArn": "AWS::IAM::Role",
            "ExecutionRoleArn": "AWS::IAM::Role",
            "Volumes.EFSVolumeConfiguration.FilesystemId": "AWS::EFS::FileSystem",
        },
    ),
    Collector(
        "AWS::ECR::Repository",
        (Call("ecr", "DescribeRepositories", "repositories[]"),),
        arn="repositoryArn",
        names=("repositoryName",),
        properties={
            "RepositoryName": "repositoryName",
            "ImageTagMutability": "imageTagMutability",
            "ImageScanningConfiguration": _field("imageScanningConfiguration"),
            "EncryptionConfiguration": _field("encryptionConfiguration"),
        },
        live={"Created": "createdAt"},
        reads=(
            Read(
                Call(
                    "ecr",
                    "GetRepositoryPolicy",
                    given={"repositoryName": "repositoryName"},
                    absent=("RepositoryPolicyNotFoundException",),
                ),
                properties={"RepositoryPolicyText": "from_json(policyText)"},
            ),
            Read(
                Call(
                    "ecr",
                    "GetLifecyclePolicy",
                    given={"repositoryName": "repositoryName"},
                    absent=("LifecyclePolicyNotFoundException",),
                ),
                properties={"LifecyclePolicy": "{LifecyclePolicyText: lifecyclePolicyText}"},
            ),
            Read(
                Call("ecr", "ListTagsForResource", given={"resourceArn": "repositoryArn"}),
                properties={"Tags": "tags"},
            ),
        ),
    ),
)
