BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('v3.2.0.a');
CREATE TABLE hpsearch_alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT hpsearch_alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "hpsearch_alembic_version" VALUES('0002');
CREATE TABLE hpsearch_attempts (
	trial_id INTEGER NOT NULL, 
	attempt INTEGER NOT NULL, 
	study_id INTEGER NOT NULL, 
	number INTEGER NOT NULL, 
	token VARCHAR(32) NOT NULL, 
	worker_id INTEGER NOT NULL, 
	claimed_at FLOAT NOT NULL, 
	lease_until FLOAT NOT NULL, 
	ended_at FLOAT, 
	outcome VARCHAR(16), 
	open BOOLEAN NOT NULL, alone BOOLEAN DEFAULT 0 NOT NULL, note TEXT, digest VARCHAR(64), 
	PRIMARY KEY (trial_id, attempt)
);
INSERT INTO "hpsearch_attempts" VALUES(1,1,1,0,'a1f808956f8f4ff9fbb940a0d1318eb7',1,1.7952814700760035515e+09,1.7952815300760035515e+09,1.79528147009398794178e+09,'finished',0,1,NULL,'9950c31c1b05717221e01bc3b135a0d2e0e1ef1d8655e95ac3315b1fcbfdc144');
INSERT INTO "hpsearch_attempts" VALUES(2,1,1,1,'1bec6a55c904d29d43c2287ae69333c4',1,1.79528147010300016405e+09,1.79528153010300016399e+09,1.79528147010798907277e+09,'finished',0,1,NULL,'8f17a3e9f1abf710df14aee9516a73a9758c975e13388e08a3c3e9cb4678f4a9');
INSERT INTO "hpsearch_attempts" VALUES(3,1,1,2,'94e572e0724eb87aafa4d6f1a17e675f',1,1.79528147011100649836e+09,1.7952815301110064983e+09,1.79528147011498951908e+09,'finished',0,1,NULL,'9d5a4a18593076edb2df23479f2479a616550f71635eb3753927ba829dfce520');
INSERT INTO "hpsearch_attempts" VALUES(4,1,1,3,'27998cda30120a08f178f84f2366c409',1,1.79528147011800718311e+09,1.79528153011800718306e+09,1.79528147012199020384e+09,'finished',0,1,NULL,'1dbcacc6322a1db951dc6fb18876de580ea00bdd0b92e581e89f6d633cbbf279');
INSERT INTO "hpsearch_attempts" VALUES(5,1,1,4,'8344d32b6e9fe0fb7c0f2792867f4719',1,1.79528147012400174139e+09,1.79528153012400174147e+09,1.79528147012701940537e+09,'finished',0,1,NULL,'6520d5ddb167461a34cd6d5fb5e33b12ce98694ab942c84db4da672a3abd7d4b');
INSERT INTO "hpsearch_attempts" VALUES(6,1,1,5,'8602f68bf641d1d5907572cbb12d6bdc',1,1.79528147012999653815e+09,1.79528153012999653814e+09,1.79528147013401985173e+09,'finished',0,1,NULL,'07b8ca98422bb94214154608c225bf585250db76b70a1b9964c69ea6aadbf2fe');
INSERT INTO "hpsearch_attempts" VALUES(7,1,1,6,'b5de0de75d112a2b729b9e4f287e86f1',1,1.79528147013599133491e+09,1.7952815301359913349e+09,1.7952814701400146484e+09,'finished',0,1,NULL,'b170a4e40a3cd9c9cc6526d5cf79e1b1b434e4c061132f32ab8a0b553c52321d');
INSERT INTO "hpsearch_attempts" VALUES(8,1,1,7,'1d16f9835cc3ed1d082a451e9023e108',1,1.79528147014198589332e+09,1.79528153014198589326e+09,1.79528147014600944521e+09,'finished',0,1,NULL,'f9ad523c5bd8a6526a50fb88cfd62cafedf9d273c3cc2b75e4e494a1a8efc92b');
INSERT INTO "hpsearch_attempts" VALUES(9,1,1,8,'69b1e9b9a4d405bf31f178fe48a76e4f',1,1.79528147014798068999e+09,1.79528153014798069007e+09,1.79528147015200400353e+09,'finished',0,1,NULL,'c6d5c771d91cf39f2d12582a8613b6a43165ac4eb9373fea0c362da4270a1ecf');
INSERT INTO "hpsearch_attempts" VALUES(10,1,1,9,'cc3e6664deddbfcab8bfddcbc306f357',1,1.79528147015401577952e+09,1.79528153015401577947e+09,1.7952814701579988002e+09,'finished',0,1,NULL,'2e4f232c252c695e5073d8df649ec1b81e1e3cfcef7e1b23de86f3cf90f55607');
INSERT INTO "hpsearch_attempts" VALUES(11,1,1,10,'8e4006f75fdc0716c3fddd1fc8c42123',1,1.79528147016001033784e+09,1.79528153016001033783e+09,1.79528147018101215358e+09,'finished',0,1,NULL,'be2cecead4d751948d1767c6fd78160e55f4706112bd3e130120d712193756d5');
INSERT INTO "hpsearch_attempts" VALUES(12,1,1,11,'f0d1787ee5d4165d699f2de979107f23',1,1.79528147018398952488e+09,1.79528153018398952487e+09,1.79528147018801259994e+09,'finished',0,1,NULL,'f6e0ff5817a88be5bdfa512e77e5a9617932fda812e019115b5a659e95e81605');
INSERT INTO "hpsearch_attempts" VALUES(13,1,1,12,'78476c246bc925f634fe80ce76d57795',1,1.79528147027000784877e+09,1.79528153027000784871e+09,1.79528147027600264553e+09,'finished',0,1,NULL,'8d9d5be59c8d0f588f4986b771837012a2286954ffb0bf9b6bca8c3e1528681b');
INSERT INTO "hpsearch_attempts" VALUES(14,1,1,13,'f06c92ab07e963527b032d99a4636f67',1,1.79528147028099155421e+09,1.79528153028099155428e+09,1.79528147028598046306e+09,'finished',0,1,NULL,'8fb01f08a2c77f41af3583d4f7daa58d8c3291de741b7c5fcf605566957d9f3a');
INSERT INTO "hpsearch_attempts" VALUES(15,1,2,0,'623f94844871331fc153194b674277cd',2,1795281470.29801,1795281530.29801,1.79528147030299901963e+09,'finished',0,1,NULL,'424e9986d4b66d2f911ebf07907843bbcdb1acad138988ec19d39f0bec296fc3');
INSERT INTO "hpsearch_attempts" VALUES(16,1,2,1,'e5d6e69146464f60dac9ed6b1e523d09',2,1.79528147030501079558e+09,1.79528153030501079557e+09,1.79528147030899381643e+09,'finished',0,1,NULL,'223fdf8a61755a96dfb111e723202140bfed1944fcebba4788648ea92844441a');
CREATE TABLE hpsearch_rounds (
	study_id INTEGER NOT NULL, 
	first_number INTEGER NOT NULL, 
	stage VARCHAR(32) NOT NULL, 
	low JSON NOT NULL, 
	high JSON NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (study_id, first_number)
);
INSERT INTO "hpsearch_rounds" VALUES(1,0,'round 0','[0.0, 0.0]','[1.0, 1.0]','the declared ranges');
CREATE TABLE hpsearch_studies (
	study_id INTEGER NOT NULL, 
	contract TEXT NOT NULL, 
	base TEXT NOT NULL, 
	budget INTEGER NOT NULL, 
	parallelism INTEGER NOT NULL, 
	admitted INTEGER NOT NULL, 
	created_at FLOAT NOT NULL, attempts INTEGER DEFAULT '3' NOT NULL, search_id INTEGER DEFAULT '0' NOT NULL, newest_trial_id INTEGER DEFAULT '0' NOT NULL, reopened INTEGER DEFAULT '0' NOT NULL, control VARCHAR(8) DEFAULT 'run' NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "hpsearch_studies" VALUES(1,'{"data_hash": "c400461cc447dc8271964146b9668818a79e7f6abc730aa241da7cb5a91093c8", "study": {"attempts": 3, "confirm": {"ensemble": 2, "epochs": 4, "seeds": 2, "top": 1}, "data": {"scaling": "auto", "source": "digits", "target": null, "test": 0.2, "train": 200, "validation": 0.2}, "model": {"activation": "relu", "batch_size": 64, "dropout_kind": "standard", "epochs": 3, "hidden": [8], "init": "he", "init_scale": 1.0, "input_dropout": 0.0, "l1": 0.0, "linf": 0.0, "normalization": "none", "optimizer": "adam", "schedule": "constant", "schedule_every": 10, "schedule_rates": [], "warmup_epochs": 0, "weight_decay": 0.0}, "name": "small", "parallelism": 3, "search": {"rounds": [12], "rungs": [1], "widen": 2}, "seed": 7, "space": [{"high": 0.1, "log": true, "low": 0.0001, "name": "lr", "widen": 2}, {"high": 0.5, "log": false, "low": 0.0, "name": "dropout", "widen": 0}], "trials": 14}}','/data',14,3,14,1795281469.90799,3,1,14,0,'run');
INSERT INTO "hpsearch_studies" VALUES(2,'{"confirms": "185154c681fc55abae906e2f4d997d2ef33b5d4e122c4b84b024b4a2c9edfdff", "finalists": [1]}','/data',2,2,2,1.79528147029499268532e+09,3,1,16,0,'run');
CREATE TABLE hpsearch_workers (
	worker_id INTEGER NOT NULL, 
	study_id INTEGER NOT NULL, 
	host VARCHAR(256) NOT NULL, 
	process VARCHAR(128) NOT NULL, 
	pid INTEGER NOT NULL, 
	started_at FLOAT NOT NULL, 
	beat_at FLOAT NOT NULL, 
	ended_at FLOAT, 
	PRIMARY KEY (worker_id)
);
INSERT INTO "hpsearch_workers" VALUES(1,1,'vm/0/0','10567@2314416',10567,1.79528147005898499493e+09,1.79528147028099155421e+09,1.79528147028799200056e+09);
INSERT INTO "hpsearch_workers" VALUES(2,2,'vm/0/0','10567@2314416',10567,1.79528147029599857327e+09,1.79528147030501079558e+09,1.79528147030999946599e+09);
CREATE TABLE studies (
	study_id INTEGER NOT NULL, 
	study_name VARCHAR(512) NOT NULL, 
	PRIMARY KEY (study_id)
);
INSERT INTO "studies" VALUES(1,'small');
INSERT INTO "studies" VALUES(2,'small.confirm');
CREATE TABLE study_directions (
	study_direction_id INTEGER NOT NULL, 
	direction VARCHAR(8) NOT NULL, 
	study_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	PRIMARY KEY (study_direction_id), 
	UNIQUE (study_id, objective), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_directions" VALUES(1,'MAXIMIZE',1,0);
INSERT INTO "study_directions" VALUES(2,'MAXIMIZE',2,0);
CREATE TABLE study_system_attributes (
	study_system_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_system_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_system_attributes" VALUES(1,1,'study:metric_names','["validation accuracy"]');
INSERT INTO "study_system_attributes" VALUES(2,2,'study:metric_names','["validation accuracy"]');
CREATE TABLE study_user_attributes (
	study_user_attribute_id INTEGER NOT NULL, 
	study_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (study_user_attribute_id), 
	UNIQUE (study_id, "key"), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "study_user_attributes" VALUES(1,1,'result','{"ensemble": 2, "ensemble_test_accuracy": 0.3816155988857939, "interval": [0.0, 1.0], "mean": 0.37186629526462395, "number": 1, "params": {"dropout": 0.06951304690923488, "lr": 0.028589315513663338}, "seeds": 2, "test_accuracy": 0.35236768802228413, "value": 0.39275766016713093}');
CREATE TABLE trial_heartbeats (
	trial_heartbeat_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	heartbeat DATETIME NOT NULL, 
	PRIMARY KEY (trial_heartbeat_id), 
	UNIQUE (trial_id), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE trial_intermediate_values (
	trial_intermediate_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	step INTEGER NOT NULL, 
	intermediate_value FLOAT, 
	intermediate_value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_intermediate_value_id), 
	UNIQUE (trial_id, step), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_intermediate_values" VALUES(1,1,1,1.69916434540389960083e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(2,1,2,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(3,1,3,1.72701949860724235374e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(4,2,1,2.67409470752089151179e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(5,2,2,2.92479108635097517776e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(6,2,3,3.92757660167130928652e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(7,3,1,1.33704735376044575589e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(8,3,2,2.53481894150417830235e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(9,3,3,1.9498607242339832668e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(10,4,1,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(11,4,2,1.05849582172701947579e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(12,4,3,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(13,5,1,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(14,5,2,1.67130919220055712548e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(15,5,3,1.83844011142061281027e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(16,6,1,2.39554317548746509292e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(17,6,2,2.50696378830083554944e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(18,6,3,2.61838440111420600597e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(19,7,1,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(20,7,2,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(21,7,3,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(22,8,1,0.116991643454039,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(23,8,2,1.47632311977715868778e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(24,8,3,1.78272980501392758201e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(25,9,1,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(26,9,2,2.50696378830083554944e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(27,9,3,3.34261838440111425097e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(28,10,1,1.50417827298050144069e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(29,10,2,2.06128133704735372333e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(30,10,3,2.06128133704735372333e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(31,11,1,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(32,12,1,1.42061281337047345951e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(33,12,2,1.64345403899721437257e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(34,12,3,1.72701949860724235374e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(35,14,1,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(36,15,1,2.08913649025069647624e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(37,15,2,1.86629526462395556318e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(38,15,3,1.78272980501392758201e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(39,15,4,2.20055710306406693277e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(40,16,1,1.89415041782729803854e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(41,16,2,2.22841225626740940812e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(42,16,3,4.01114206128133699014e-01,'FINITE');
INSERT INTO "trial_intermediate_values" VALUES(43,16,4,5.23676880222841201195e-01,'FINITE');
CREATE TABLE trial_params (
	param_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	param_name VARCHAR(512), 
	param_value FLOAT, 
	distribution_json TEXT, 
	PRIMARY KEY (param_id), 
	UNIQUE (trial_id, param_name), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_params" VALUES(1,1,'lr',1.43846623423950128323e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(2,1,'dropout',5.47551057767396431863e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(3,2,'lr',2.85893155136633381196e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(4,2,'dropout',6.95130469092348768356e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(5,3,'lr',1.23750807189661367335e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(6,3,'dropout',3.04161196186832905041e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(7,4,'lr',1.14230562119289457551e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(8,4,'dropout',4.77239237567561536135e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(9,5,'lr',1.43309090401536453479e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(10,5,'dropout',4.20227577817553765715e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(11,6,'lr',2.56435779892305289531e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(12,6,'dropout',1.64156460974049067669e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(13,7,'lr',5.7262570288535853246e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(14,7,'dropout',3.6640414295078915785e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(15,8,'lr',4.41186852214195818211e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(16,8,'dropout',4.08857699953314779328e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(17,9,'lr',1.18983566916442337624e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(18,9,'dropout',3.26812677783681559962e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(19,10,'lr',4.58515726458805662063e-03,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(20,10,'dropout',9.35739387507772413243e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(21,11,'lr',1.58931324202842564263e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(22,11,'dropout',3.53704134082349297418e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(23,12,'lr',7.38227238299196827052e-04,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(24,12,'dropout',2.67977205813881791396e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(25,13,'lr',8.19863731571900267169e+00,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(26,13,'dropout',3.89442645206141691005e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(27,14,'lr',2.06276119464253837598e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(28,14,'dropout',2.01153836848983857965e-01,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(29,15,'lr',2.85893155136633381196e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(30,15,'dropout',6.95130469092348768356e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
INSERT INTO "trial_params" VALUES(31,16,'lr',2.85893155136633381196e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 1e-06, "high": 10.0, "log": true}}');
INSERT INTO "trial_params" VALUES(32,16,'dropout',6.95130469092348768356e-02,'{"name": "FloatDistribution", "attributes": {"step": null, "low": 0.0, "high": 0.5, "log": false}}');
CREATE TABLE trial_system_attributes (
	trial_system_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_system_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
CREATE TABLE trial_user_attributes (
	trial_user_attribute_id INTEGER NOT NULL, 
	trial_id INTEGER, 
	"key" VARCHAR(512), 
	value_json TEXT, 
	PRIMARY KEY (trial_user_attribute_id), 
	UNIQUE (trial_id, "key"), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_user_attributes" VALUES(1,1,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(2,2,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(3,3,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(4,4,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(5,5,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(6,6,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(7,7,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(8,8,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(9,9,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(10,10,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(11,11,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(12,11,'reason','"stopped after 1 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(13,12,'stage','"round 0"');
INSERT INTO "trial_user_attributes" VALUES(14,13,'stage','"tpe"');
INSERT INTO "trial_user_attributes" VALUES(15,13,'reason','"diverged after 0 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(16,14,'stage','"tpe"');
INSERT INTO "trial_user_attributes" VALUES(17,14,'reason','"stopped after 1 whole epochs"');
INSERT INTO "trial_user_attributes" VALUES(18,15,'stage','"confirm"');
INSERT INTO "trial_user_attributes" VALUES(19,16,'stage','"confirm"');
CREATE TABLE trial_values (
	trial_value_id INTEGER NOT NULL, 
	trial_id INTEGER NOT NULL, 
	objective INTEGER NOT NULL, 
	value FLOAT, 
	value_type VARCHAR(7) NOT NULL, 
	PRIMARY KEY (trial_value_id), 
	UNIQUE (trial_id, objective), 
	FOREIGN KEY(trial_id) REFERENCES trials (trial_id)
);
INSERT INTO "trial_values" VALUES(1,1,0,1.72701949860724235374e-01,'FINITE');
INSERT INTO "trial_values" VALUES(2,2,0,3.92757660167130928652e-01,'FINITE');
INSERT INTO "trial_values" VALUES(3,3,0,1.9498607242339832668e-01,'FINITE');
INSERT INTO "trial_values" VALUES(4,4,0,1.14206128133704731819e-01,'FINITE');
INSERT INTO "trial_values" VALUES(5,5,0,1.83844011142061281027e-01,'FINITE');
INSERT INTO "trial_values" VALUES(6,6,0,2.61838440111420600597e-01,'FINITE');
INSERT INTO "trial_values" VALUES(7,7,0,1.00278551532033424753e-01,'FINITE');
INSERT INTO "trial_values" VALUES(8,8,0,1.78272980501392758201e-01,'FINITE');
INSERT INTO "trial_values" VALUES(9,9,0,3.34261838440111425097e-01,'FINITE');
INSERT INTO "trial_values" VALUES(10,10,0,2.06128133704735372333e-01,'FINITE');
INSERT INTO "trial_values" VALUES(11,11,0,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_values" VALUES(12,12,0,1.72701949860724235374e-01,'FINITE');
INSERT INTO "trial_values" VALUES(13,13,0,0.0,'FINITE');
INSERT INTO "trial_values" VALUES(14,14,0,1.03064066852367686166e-01,'FINITE');
INSERT INTO "trial_values" VALUES(15,15,0,2.20055710306406693277e-01,'FINITE');
INSERT INTO "trial_values" VALUES(16,16,0,5.23676880222841201195e-01,'FINITE');
CREATE TABLE trials (
	trial_id INTEGER NOT NULL, 
	number INTEGER, 
	study_id INTEGER, 
	state VARCHAR(8) NOT NULL, 
	datetime_start DATETIME, 
	datetime_complete DATETIME, 
	PRIMARY KEY (trial_id), 
	FOREIGN KEY(study_id) REFERENCES studies (study_id)
);
INSERT INTO "trials" VALUES(1,0,1,'COMPLETE','2026-11-21 17:17:50.076004','2026-11-21 17:17:50.093988');
INSERT INTO "trials" VALUES(2,1,1,'COMPLETE','2026-11-21 17:17:50.103000','2026-11-21 17:17:50.107989');
INSERT INTO "trials" VALUES(3,2,1,'COMPLETE','2026-11-21 17:17:50.111006','2026-11-21 17:17:50.114990');
INSERT INTO "trials" VALUES(4,3,1,'COMPLETE','2026-11-21 17:17:50.118007','2026-11-21 17:17:50.121990');
INSERT INTO "trials" VALUES(5,4,1,'COMPLETE','2026-11-21 17:17:50.124002','2026-11-21 17:17:50.127019');
INSERT INTO "trials" VALUES(6,5,1,'COMPLETE','2026-11-21 17:17:50.129997','2026-11-21 17:17:50.134020');
INSERT INTO "trials" VALUES(7,6,1,'COMPLETE','2026-11-21 17:17:50.135991','2026-11-21 17:17:50.140015');
INSERT INTO "trials" VALUES(8,7,1,'COMPLETE','2026-11-21 17:17:50.141986','2026-11-21 17:17:50.146009');
INSERT INTO "trials" VALUES(9,8,1,'COMPLETE','2026-11-21 17:17:50.147981','2026-11-21 17:17:50.152004');
INSERT INTO "trials" VALUES(10,9,1,'COMPLETE','2026-11-21 17:17:50.154016','2026-11-21 17:17:50.157999');
INSERT INTO "trials" VALUES(11,10,1,'PRUNED','2026-11-21 17:17:50.160010','2026-11-21 17:17:50.181012');
INSERT INTO "trials" VALUES(12,11,1,'COMPLETE','2026-11-21 17:17:50.183990','2026-11-21 17:17:50.188013');
INSERT INTO "trials" VALUES(13,12,1,'PRUNED','2026-11-21 17:17:50.270008','2026-11-21 17:17:50.276003');
INSERT INTO "trials" VALUES(14,13,1,'PRUNED','2026-11-21 17:17:50.280992','2026-11-21 17:17:50.285980');
INSERT INTO "trials" VALUES(15,0,2,'COMPLETE','2026-11-21 17:17:50.298010','2026-11-21 17:17:50.302999');
INSERT INTO "trials" VALUES(16,1,2,'COMPLETE','2026-11-21 17:17:50.305011','2026-11-21 17:17:50.308994');
CREATE TABLE version_info (
	version_info_id INTEGER NOT NULL, 
	schema_version INTEGER, 
	library_version VARCHAR(256), 
	PRIMARY KEY (version_info_id), 
	CHECK (version_info_id=1)
);
INSERT INTO "version_info" VALUES(1,12,'5.0.0');
CREATE UNIQUE INDEX ix_studies_study_name ON studies (study_name);
CREATE INDEX ix_trials_study_id ON trials (study_id);
CREATE UNIQUE INDEX hpsearch_attempts_open ON hpsearch_attempts (study_id, number) WHERE open;
CREATE INDEX ix_hpsearch_workers_study_id ON hpsearch_workers (study_id);
COMMIT;
